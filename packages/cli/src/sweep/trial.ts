import { join } from 'node:path';
import { BitgradError, decodeModel, type Receipt, type Recipe, sha256OfText } from '@bitgrad/core';
import { prepareFolder, readOwnFile, replaceFile } from '../files.js';
import type { Trained } from '../jobs/tasks.js';
import type { Texts } from './plan.js';

/** One training of a sweep, named by what decides its bits. */
export interface Trial {
  /** SHA-256 of the recipe, the data's SHA-256, and what is done: the same on every machine. */
  readonly name: string;
  readonly recipe: Recipe;
  /** What was varied, by option. */
  readonly settings: Texts;
}

/** A trial, or its first epochs. */
export interface Work {
  readonly trial: Trial;
  /** The trial's own for all of it; else of the same with the last epoch. */
  readonly name: string;
  /** The last epoch, counted from 1. */
  readonly until: number;
  /** What the trial's earlier epochs are called, if they were trained before. */
  readonly after: string | null;
}

/** Where a trial was after its first epochs. */
export interface Stopped {
  readonly epochs: number;
  readonly weightsSha256: string;
  readonly stateSha256: string | null;
  readonly validationLoss: number | null;
  readonly validationAccuracy: number | null;
}

/**
 * What came of a trial: a receipt; or where it was when it was stopped; or why there is neither, as where
 * its loss grew without limit.
 */
export type Outcome =
  | { readonly receipt: Receipt }
  | { readonly stopped: Stopped }
  | { readonly error: string };

/** Names a trial, or so many epochs of it. */
export async function trialName(
  recipe: Recipe,
  dataSha256: string,
  until = recipe.epochs,
): Promise<string> {
  const part = until < recipe.epochs ? { until } : {};
  return sha256OfText(JSON.stringify({ kind: 'train', recipe, data: dataSha256, ...part }));
}

/** The files of a sweep's folder. */
export function filesOf(folder: string) {
  const trials = join(folder, 'trials');
  return {
    trials,
    model: (name: string): string => join(trials, `${name}.safetensors`),
    checkpoint: (name: string): string => join(trials, `${name}.checkpoint`),
    /** Of a trial without a model. */
    outcome: (name: string): string => join(trials, `${name}.json`),
    receipts: join(folder, 'receipts.jsonl'),
    best: join(folder, 'best.safetensors'),
    report: join(folder, 'report.html'),
  };
}

/**
 * Reads what is already known of a trial; null where it has not been done, or not to its end.
 *
 * @throws BitgradError if the trial's model is none, or another trial's
 */
export async function readOutcome(folder: string, name: string): Promise<Outcome | null> {
  const files = filesOf(folder);
  const model = await readOwnFile(files.model(name));
  if (model !== null) {
    const { receipt } = await decodeModel(model, files.model(name));
    await checkName(receipt, name, files.model(name));
    return { receipt };
  }
  const bytes = await readOwnFile(files.outcome(name));
  return bytes === null ? null : outcomeIn(new TextDecoder().decode(bytes));
}

/** Epochs of a trial that are looked through for the round in which it ended. */
const MOST_ROUNDS = 100_000;

/** @throws BitgradError unless the name is that of the receipt's own recipe and data, to any epoch */
async function checkName({ recipe, dataset }: Receipt, name: string, path: string): Promise<void> {
  if ((await trialName(recipe, dataset.sha256)) === name) return;
  // One that ended early, of patience, may be kept as the first epochs that were asked for.
  for (let until = 1; until < Math.min(recipe.epochs, MOST_ROUNDS); until += 1) {
    if ((await trialName(recipe, dataset.sha256, until)) === name) return;
  }
  throw new BitgradError(
    `${path}: expected the model of the trial that it is named after, received one of another recipe or other data`,
    'remove it: the trial is trained again',
  );
}

/** What a file says of a trial without a model; null, as if it were not there, for anything else. */
function outcomeIn(text: string): Outcome | null {
  try {
    const { error, stopped } = JSON.parse(text) as { error?: unknown; stopped?: unknown };
    if (typeof error === 'string') return { error };
    return isStopped(stopped) ? { stopped } : null;
  } catch {
    return null;
  }
}

/** The same without what else may have come along. */
export function onlyStopped(stopped: Stopped): Stopped {
  const { epochs, weightsSha256, stateSha256, validationLoss, validationAccuracy } = stopped;
  return { epochs, weightsSha256, stateSha256, validationLoss, validationAccuracy };
}

/** Whether a value from elsewhere says where a trial was stopped. */
export function isStopped(value: unknown): value is Stopped {
  if (typeof value !== 'object' || value === null) return false;
  const { epochs, weightsSha256, stateSha256, validationLoss, validationAccuracy } =
    value as Record<keyof Stopped, unknown>;
  const isDigest = (one: unknown): boolean => typeof one === 'string' && /^[0-9a-f]{64}$/.test(one);
  const isScore = (one: unknown): boolean => one === null || typeof one === 'number';
  return (
    Number.isInteger(epochs) &&
    isDigest(weightsSha256) &&
    (stateSha256 === null || isDigest(stateSha256)) &&
    isScore(validationLoss) &&
    isScore(validationAccuracy)
  );
}

/**
 * Writes what came of a trial, unless another process has done the same one: then both must agree.
 *
 * @throws BitgradError if another process found something else
 */
export async function keepOutcome(
  folder: string,
  name: string,
  { outcome, bytes }: Trained,
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
  await prepareFolder(files.trials, 'out');
  if ('receipt' in outcome) {
    await replaceFile(files.model(name), bytes!);
    return;
  }
  // The checkpoint first: a trial that is known has one.
  if ('stopped' in outcome) await replaceFile(files.checkpoint(name), bytes!);
  await replaceFile(files.outcome(name), new TextEncoder().encode(`${JSON.stringify(outcome)}\n`));
}

/** The checkpoint after a trial's first epochs; null where it is gone, and they are to be trained again. */
export async function readStopped(folder: string, name: string): Promise<Uint8Array | null> {
  return readOwnFile(filesOf(folder).checkpoint(name));
}
