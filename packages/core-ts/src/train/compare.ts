import type { Backend } from '../backend.js';
import type { Dataset } from '../dataset.js';
import { AbortedError, BitgradError } from '../errors.js';
import type { Receipt } from '../file/receipt.js';
import type { Model } from '../network/model.js';
import { checkRecipe } from '../recipe/check-recipe.js';
import type { Recipe } from '../recipe/recipe.js';
import type { Checkpoint } from './checkpoint.js';
import type { EpochReport } from './reports.js';
import type { StepGate } from './run-pass.js';
import { readState, type State, stateSha256 } from './state.js';
import { Training } from './training.js';

/** What receipts and checkpoints both tell of a training. */
export type Told = Pick<Receipt, 'recipe' | 'dataset' | 'epochs' | 'states'>;

/** The first epoch after which two trainings differ. */
export interface EpochDifference {
  /** Counted from 1. */
  readonly epoch: number;
  /** `epochs` where the parameters differ, `states` where only what else is remembered does. */
  readonly field: 'epochs' | 'states';
  readonly a: string;
  readonly b: string;
}

/**
 * The first epoch after which two trainings of one recipe on the same data differ, or null where one
 * is the other, or its beginning.
 *
 * @throws BitgradError that names the first field of the recipe in which they differ, or the data
 */
export function compareEpochs(a: Told, b: Told): EpochDifference | null {
  checkSame(a, b);
  const count = Math.min(a.epochs.length, b.epochs.length);
  for (let at = 0; at < count; at += 1) {
    for (const field of ['epochs', 'states'] as const) {
      const [ours, theirs] = [a[field]?.[at], b[field]?.[at]];
      if (ours === undefined || theirs === undefined || ours === theirs) continue;
      return { epoch: at + 1, field, a: ours, b: theirs };
    }
  }
  return null;
}

function checkSame(a: Told, b: Told): void {
  const [ours, theirs] = [checkRecipe(a.recipe), checkRecipe(b.recipe)];
  for (const field of Object.keys(ours) as (keyof Recipe)[]) {
    const [one, other] = [ours[field], theirs[field]].map((value) => JSON.stringify(value));
    if (one === other) continue;
    throw new BitgradError(
      `compare: expected two trainings of one recipe, received ${field} ${one} and ${other}`,
    );
  }
  if (a.dataset.inputSha256 === b.dataset.inputSha256) return;
  throw new BitgradError(
    `compare: expected two trainings on the same data, received ${a.dataset.name} (SHA-256 ${a.dataset.inputSha256}) and ${b.dataset.name} (${b.dataset.inputSha256})`,
  );
}

/** The first number in which two states differ. */
export interface StateDifference {
  /** The slice, as in `layers.0.weight`. */
  readonly slice: string;
  /** Its place in the slice. */
  readonly index: number;
  readonly a: number;
  readonly b: number;
  /** How many numbers differ in all slices. */
  readonly count: number;
}

/** The first number, in the order of the state, in which two states differ in a bit; null for none. */
export function compareStates(a: State, b: State): StateDifference | null {
  let first: Omit<StateDifference, 'count'> | null = null;
  let count = 0;
  for (const [slice, ours] of a) {
    const theirs = b.get(slice)!;
    for (let index = 0; index < ours.length; index += 1) {
      // Object.is tells +0 from −0, and takes NaNs, whose payloads are no part of the promise, for one.
      if (Object.is(ours[index], theirs[index])) continue;
      first ??= { slice, index, a: ours[index]!, b: theirs[index]! };
      count += 1;
    }
  }
  return first && { ...first, count };
}

/** An epoch to be trained on two backends. */
export interface StepsOptions {
  readonly recipe: Recipe;
  readonly dataset: Dataset;
  readonly backends: readonly [a: Backend, b: Backend];
  /** The epoch after it is compared; the first if left out. */
  readonly checkpoint?: Checkpoint | undefined;
  /** The model whose weights the training began with, if it did. */
  readonly start?: Model | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What two backends made of one epoch. */
export interface StepsComparison {
  /** The first step after which their states differ, counted from 1 in this epoch; null for none. */
  readonly step: number | null;
  /** Where they differ after that step. */
  readonly difference: StateDifference | null;
  /** What each made of the epoch, with its digests; null for b where it was stopped at a difference. */
  readonly reports: readonly [a: EpochReport, b: EpochReport | null];
}

/**
 * Trains one epoch on two backends, and finds the first step after which their states differ. The
 * states of the first are kept as digests, step by step, so that memory is that of two trainings.
 *
 * @throws AbortedError by the signal, and all that a training throws
 */
export async function compareSteps(options: StepsOptions): Promise<StepsComparison> {
  const [a, b] = options.backends;
  const digests: string[] = [];
  const whole = await traceEpoch(options, a, async (state) => {
    digests.push(await stateSha256(state, null));
    return true;
  });
  let parted: State | null = null;
  let steps = 0;
  const other = await traceEpoch(options, b, async (state) => {
    const isSame = (await stateSha256(state, null)) === digests[steps];
    steps += 1;
    if (!isSame) parted = state;
    return isSame;
  });
  const reports = [whole!, other] as const;
  if (parted === null) return { step: null, difference: null, reports };
  let left = steps;
  let expected: State = new Map();
  await traceEpoch(options, a, async (state) => {
    left -= 1;
    expected = state;
    return left > 0;
  });
  return { step: steps, difference: compareStates(expected, parted), reports };
}

/** Trains an epoch step by step, for as long as `visit` wants another one; null where it wanted no more. */
async function traceEpoch(
  { recipe, dataset, checkpoint, start, signal }: StepsOptions,
  backend: Backend,
  visit: (state: State) => Promise<boolean>,
): Promise<EpochReport | null> {
  let isEnough = false;
  const gate: StepGate = {
    next: async () => 1,
    async made({ memory }, entry) {
      if (entry !== 'train') return;
      isEnough = !(await visit(readState(memory, recipe)));
      if (isEnough) throw new AbortedError('enough was seen');
    },
  };
  const training = await Training.open(backend, recipe, dataset, checkpoint, start);
  try {
    return await training.runEpoch({ signal, gate });
  } catch (error) {
    if (!isEnough) throw error;
    return null;
  } finally {
    training.close();
  }
}
