import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Dataset,
  encodeModel,
  type Recipe,
  recipeFor,
  type SavedModel,
  train,
  typescriptBackend,
} from '@bitgrad/core';
import { readTable, rowsSource } from '@bitgrad/formats/table';
import { onTestFinished } from 'vitest';
import { type ServeOptions, type Server, serve } from '../src/index.js';

export const backend = typescriptBackend();

/** Things by size and colour. */
export const ROWS = Array.from({ length: 60 }, (_, index) => ({
  size: ((index * 7919) % 100) / 50 + (index % 2),
  colour: ['red', 'deep blue', 'green'][index % 3]!,
}));

export async function thingsModel(changes: Partial<Recipe> = {}): Promise<SavedModel> {
  const rows = ROWS.map((row, index) => ({ ...row, kind: ['cup', 'bowl'][index % 2]! }));
  const parts = { train: [rowsSource(rows, 'things')], test: [] };
  const dataset = await readTable('things', parts, { label: 'kind' });
  return trained(dataset, changes);
}

/** A model of whether things are large, and whether they are red. */
export async function labelsModel(): Promise<SavedModel> {
  const rows = ROWS.map((row) => ({
    ...row,
    large: row.size > 1.5 ? 'yes' : 'no',
    red: String(row.colour === 'red'),
  }));
  const parts = { train: [rowsSource(rows, 'labels')], test: [] };
  return trained(await readTable('labels', parts, { label: 'large,red', task: 'multi-label' }), {});
}

/** A model of 4×4 images of two classes without names. */
export function imageModel(): Promise<SavedModel> {
  const inputs = Uint8Array.from({ length: 40 * 16 }, (_, at) =>
    Math.floor(at / 16) % 2 === 0 ? at % 50 : 200 + (at % 50),
  );
  const labels = Uint32Array.from({ length: 40 }, (_, index) => index % 2);
  const image = { height: 4, width: 4 };
  const counts = { features: 16, classes: 2, trainCount: 40, testCount: 0 };
  const dataset = { name: 'squares', inputs, labels, image, ...counts };
  return trained(dataset, { preprocess: 'scale', augment: 'none' });
}

/** A model of two numbers from two numbers. */
export function numbersModel(): Promise<SavedModel> {
  const inputs = Float32Array.from({ length: 80 }, (_, at) => ((at * 7919) % 100) / 50);
  const values = inputs.map((value) => 2 * value + 1);
  const targets = { labels: new Uint32Array(0), classes: 0, values };
  const counts = { features: 2, trainCount: 40, testCount: 0 };
  return trained({ name: 'numbers', inputs, image: null, ...targets, ...counts }, {});
}

async function trained(dataset: Dataset, changes: Partial<Recipe>): Promise<SavedModel> {
  const recipe = recipeFor(dataset, { epochs: 3, batchSize: 8, ...changes });
  return train({ recipe, dataset, backend });
}

/**
 * Serves models from files in a folder that is removed with the server when the test ends.
 *
 * @param start what is built, where threads are wanted: they run no TypeScript
 */
export async function serveModels(
  models: Readonly<Record<string, SavedModel>>,
  options: Partial<ServeOptions> = {},
  start = serve,
): Promise<Server & { readonly folder: string; readonly log: string[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'bitgrad-serve-'));
  const log: string[] = [];
  for (const [name, model] of Object.entries(models)) {
    writeFileSync(join(folder, `${name}.safetensors`), encodeModel(model));
  }
  const server = await start({
    models: Object.keys(models).map((name) => join(folder, `${name}.safetensors`)),
    backend,
    port: 0,
    log: (line) => log.push(JSON.stringify(line)),
    ...options,
  });
  onTestFinished(async () => {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return { ...server, folder, log };
}

/** A POST request's status, headers and JSON answer. */
export async function post(
  url: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = { 'Content-Type': 'application/json' },
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every kind
): Promise<{ status: number; headers: Headers; json: any }> {
  const isBytes = typeof body === 'string' || body instanceof Uint8Array;
  const response = await fetch(url, {
    method: 'POST',
    headers,
    body: isBytes ? (body as string) : JSON.stringify(body),
  });
  return { status: response.status, headers: response.headers, json: await response.json() };
}
