import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BitgradError, decodeModel, type Receipt, type Recipe, sha256OfText } from '@bitgrad/core';
import { replaceFile } from '../files.js';
import type { Texts } from './plan.js';

/** One training of a sweep, named by what decides its bits. */
export interface Trial {
  /** SHA-256 of the recipe, the data's SHA-256, and what is done: the same on every machine. */
  readonly name: string;
  readonly recipe: Recipe;
  /** What was varied, by option. */
  readonly settings: Texts;
}

/** What came of a trial: a receipt, or why it has none, as where its loss grew without limit. */
export type Outcome = { readonly receipt: Receipt } | { readonly error: string };

/** Names a trial. */
export async function trialName(recipe: Recipe, dataSha256: string): Promise<string> {
  return sha256OfText(JSON.stringify({ kind: 'train', recipe, data: dataSha256 }));
}

/** The files of a sweep's folder. */
export function filesOf(folder: string) {
  const trials = join(folder, 'trials');
  return {
    trials,
    model: (name: string): string => join(trials, `${name}.safetensors`),
    failure: (name: string): string => join(trials, `${name}.json`),
    receipts: join(folder, 'receipts.jsonl'),
    best: join(folder, 'best.safetensors'),
  };
}

/** Reads what is already known of a trial; null where it has not been done, or not to its end. */
export async function readOutcome(folder: string, name: string): Promise<Outcome | null> {
  const files = filesOf(folder);
  const model = await readFile(files.model(name)).catch(() => null);
  if (model !== null) return { receipt: (await decodeModel(model, files.model(name))).receipt };
  const failure = await readFile(files.failure(name), 'utf8').catch(() => null);
  return failure === null ? null : failureIn(failure);
}

/** What a file says of a failed trial; null, as if it were not there, for anything else. */
function failureIn(text: string): Outcome | null {
  try {
    const { error } = JSON.parse(text) as { error?: unknown };
    return typeof error === 'string' ? { error } : null;
  } catch {
    return null;
  }
}

/**
 * Writes what came of a trial, unless another process has done the same one: then both must agree.
 *
 * @param model the model file's bytes, where there is a model
 * @throws BitgradError if another process found something else
 */
export async function keepOutcome(
  folder: string,
  name: string,
  outcome: Outcome,
  model: Uint8Array | null,
): Promise<void> {
  const files = filesOf(folder);
  const before = await readOutcome(folder, name);
  if (before !== null) {
    if (JSON.stringify(before) === JSON.stringify(outcome)) return;
    throw new BitgradError(
      `trial ${name}: expected what another process found, received something else`,
      `one of the machines computes wrongly: run bitgrad conformance on each, then remove ${files.model(name)}`,
    );
  }
  await mkdir(files.trials, { recursive: true });
  if (model === null) {
    const text = new TextEncoder().encode(`${JSON.stringify(outcome)}\n`);
    await replaceFile(files.failure(name), text);
  } else {
    await replaceFile(files.model(name), model);
  }
}
