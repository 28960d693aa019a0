import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runInNewContext } from 'node:vm';
import { resolve } from '@bitgrad/core';
import { describe, expect, test } from 'vitest';
import { exportModel } from '../../src/export/export-model.js';
import type { ModelToExport } from '../../src/export/exportable.js';
import { errorOf, temporaryFolder } from '../temporary.js';
import {
  expectedOf,
  kinds,
  samplesFor,
  TRAINING_TIMEOUT,
  testImages,
  trainedOnMnist,
} from './models.js';

interface Exported {
  predict(input: ArrayLike<number>): Float32Array;
  features(row: Readonly<Record<string, unknown>>): number[];
  readonly classNames: readonly string[] | null;
  readonly receipt: unknown;
}

/** Writes the module into a folder where no package can be found, and imports it. */
async function load(model: ModelToExport): Promise<Exported> {
  const path = join(temporaryFolder(), 'model.mjs');
  writeFileSync(path, exportModel(model, 'js'));
  return import(/* @vite-ignore */ pathToFileURL(path).href);
}

function predictAll({ predict }: Exported, samples: Uint8Array | Float32Array, features: number) {
  const rows = Array.from({ length: samples.length / features }, (_, row) =>
    predict(samples.subarray(row * features, (row + 1) * features)),
  );
  return Float32Array.from(rows.flatMap((row) => Array.from(row)));
}

const bits = (values: Float32Array) => new Uint32Array(values.slice().buffer);

test(
  'probabilities of all of MNIST’s test images have the backend’s bits',
  async () => {
    const { model, dataset } = await trainedOnMnist();
    const exported = await load(model);
    const images = testImages(dataset);
    const received = bits(predictAll(exported, images, 784));
    const expected = bits(expectedOf(model, images));
    expect(received.length).toBe(100_000);
    expect(received.findIndex((value, at) => value !== expected[at])).toBe(-1);
    expect(exported.receipt).toEqual(model.receipt);
    expect(exported.classNames).toBe(null);
  },
  TRAINING_TIMEOUT,
);

describe.each(Object.entries(kinds))('%s', (_, model) => {
  test('gives the backend’s bits', async () => {
    const samples = samplesFor(model);
    const received = predictAll(await load(model), samples, resolve(model.recipe).features);
    expect(bits(received)).toEqual(bits(expectedOf(model, samples)));
  });
});

test('turns rows of a table into features', async () => {
  const table = kinds['standardised table with names']!;
  const { features, classNames } = await load(table);
  expect(classNames).toEqual(table.classNames);
  expect(features({ length: 2.5, colour: "o'blue", width: '-3e1' })).toEqual([2.5, 0, 0, 1, -30]);
  expect(() => features({ length: 1, colour: 'grey', width: 1 })).toThrow(/colour: .*grey/);
  expect(() => features({ length: '', colour: 'red', width: 1 })).toThrow(/length: /);
  expect(() => features({ length: 1, colour: 'red' })).toThrow(/width: .*undefined/);
});

test('holds nothing that a page or an engine could stumble over', () => {
  const source = new TextDecoder().decode(
    exportModel(kinds['standardised table with names']!, 'js'),
  );
  expect(source).not.toContain('</script');
  expect(source).not.toMatch(/\bimport\b(?! \{ predict \} from)|\b(require|process|Buffer)\b/);
  // As a classic script, with only what every browser has.
  const script = source.replaceAll('export ', '');
  const length = runInNewContext(`${script}; predict([1, 2, 3, 4, 5]).length`, { atob });
  expect(length).toBe(3);
});

test('says its types, for editors and TypeScript', () => {
  const source = new TextDecoder().decode(
    exportModel(kinds['standardised table with names']!, 'js'),
  );
  for (const [type, declaration] of [
    ['@returns {number[]}', 'export function features(row)'],
    ['@returns {Float32Array}', 'export function predict(input)'],
    ['@type {readonly string[] | null}', 'export const classNames'],
  ]) {
    expect(source).toContain(` * ${type}\n */\n${declaration}`);
  }
});

test('refuses input of another length', async () => {
  const { predict } = await load(kinds['one layer']!);
  expect(() => predict([1])).toThrow(/expected 12 numbers, received 1/);
});

test('refuses models whose parts do not fit', async () => {
  const model = kinds['one layer']!;
  const refused = async (changes: Partial<ModelToExport>) =>
    (await errorOf(() => exportModel({ ...model, ...changes }, 'js'))).message;
  expect(await refused({ parameters: new Float32Array(3) })).toMatch(/expected 39 parameters/);
  const broken = model.parameters.slice().fill(Number.NaN, 4, 5);
  expect(await refused({ parameters: broken })).toMatch(/received NaN at index 4/);
  expect(await refused({ classNames: ['a'] })).toMatch(/expected 3 names of classes, received 1/);
  expect(await refused({ encoding: { columns: [], label: 'x' } })).toMatch(
    /columns of 12 features/,
  );
  const one = Float32Array.of(1);
  expect(await refused({ standardization: { mean: one, deviation: one } })).toMatch(/preprocess/);
  const { message } = await errorOf(() => exportModel(model, 'pickle' as 'js'));
  expect(message).toMatch(/among onnx, torch, json, js, c, received "pickle"/);
});
