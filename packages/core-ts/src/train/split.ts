import type { Dataset } from '../dataset.js';
import { range, Stream } from '../random/stream.js';
import { RecipeError } from '../recipe/recipe.js';
import { type Fractions, parseFold, partsOf, type SplitField } from '../recipe/split-field.js';
import { atOnce, type Pieces } from '../turns.js';
import { type Counts, classGroups, cutGroups, foldGroups } from './split-groups.js';

/** Sample indices of each part. */
export interface Split {
  readonly train: Uint32Array;
  readonly validation: Uint32Array;
  readonly test: Uint32Array;
}

/** The part of a recipe that decides the split. */
export interface SplitOptions {
  /** How many samples to take at random, or null for all. */
  readonly subset: number | null;
  /** How all samples are cut; null keeps the data set's own test samples. */
  readonly split: SplitField | null;
  /** Whether every part gets its share of each class. */
  readonly stratify?: boolean | undefined;
  /** `k/K`: the test part is the k-th of K equal ones; the rest is cut as `split` says. */
  readonly fold?: string | null | undefined;
  /** Without `split`: the share of the training samples that is kept for validation. */
  readonly validation?: number | undefined;
  readonly seed: number;
}

/**
 * Chooses the samples of each part. With `split`, all samples are put into a random order (but for
 * `time:`), the first `subset` of them are kept and cut; sizes are rounded down, and test takes the
 * rest. Without, the test part is the data set's own; so is validation where it has such a part, and
 * else it is cut off the training samples where the recipe says so. `subset` takes from the training
 * samples.
 *
 * With `stratify` each class is cut by itself, so that the parts' totals are the fractions' to the
 * nearest sample, and a class keeps a training sample as long as it has one.
 *
 * @throws RecipeError if the data set is too small, or a part that is needed would be empty
 */
export function splitDataset(dataset: Dataset, options: SplitOptions): Split {
  return atOnce(splitting(dataset, options));
}

/** The same in pieces. */
export function* splitting(dataset: Dataset, options: SplitOptions): Pieces<Split> {
  const { trainCount, testCount, validationCount = 0 } = dataset;
  const { subset, split } = options;
  const available = split === null ? trainCount - validationCount : trainCount + testCount;
  const taken = subset ?? available;
  if (taken > available) {
    throw new RecipeError(
      'subset',
      `expected at most ${available} samples, which is what ${dataset.name} has, received ${taken}`,
    );
  }
  const own = range(trainCount, testCount);
  const parts =
    split === null
      ? yield* cutTraining(dataset, options, taken, own)
      : yield* cutAll(dataset, options, taken);
  if (parts.train.length === 0) {
    throw new RecipeError(
      'split',
      `expected at least 1 training sample, received none (of ${taken})`,
    );
  }
  return parts;
}

/** The first `taken` samples in the seed's order, or in their own. */
function* takeSamples(
  seed: number,
  available: number,
  taken: number,
  shuffles: boolean,
): Pieces<Uint32Array> {
  const order = range(0, available);
  if (shuffles) yield* new Stream(seed, 'split', 0).shuffling(order);
  yield;
  return order.slice(0, taken);
}

function* cutTraining(
  dataset: Dataset,
  { subset, seed, stratify = false, validation = 0 }: SplitOptions,
  taken: number,
  test: Uint32Array,
): Pieces<Split> {
  const { trainCount, validationCount = 0 } = dataset;
  const learnt = trainCount - validationCount;
  if (validationCount > 0) {
    const order = yield* takeSamples(seed, learnt, taken, subset !== null);
    return { train: order, validation: range(learnt, validationCount), test };
  }
  const shuffles = subset !== null || validation > 0;
  const order = yield* takeSamples(seed, learnt, taken, shuffles);
  return { ...cutInTwo(dataset, order, validation, stratify), test };
}

function* cutAll(
  dataset: Dataset,
  { subset, split, seed, stratify = false, fold: foldText = null }: SplitOptions,
  taken: number,
): Pieces<Split> {
  const { fractions, keepsOrder } = partsOf(split!);
  const available = dataset.trainCount + dataset.testCount;
  const order = yield* takeSamples(seed, available, taken, !keepsOrder || subset !== null);
  if (keepsOrder) return cut(dataset, order.sort(), fractions, false);
  const fold = foldText === null ? null : parseFold(foldText);
  if (fold === null) return cut(dataset, order, fractions, stratify);
  const { folds } = fold;
  if (folds > taken) {
    throw new RecipeError(
      'fold',
      `expected at most ${taken} folds, the samples, received ${folds}`,
    );
  }
  const { rest, test } = foldGroups(order, groupsOf(dataset, order, stratify), fold);
  const [train, validation] = fractions;
  return { ...cutInTwo(dataset, rest, validation / (train + validation), stratify), test };
}

function groupsOf(dataset: Dataset, order: Uint32Array, stratify: boolean): Counts | null {
  return stratify && dataset.values === undefined ? classGroups(dataset, order) : null;
}

/** Cuts an order into its parts, all at once or class by class. */
function cut(dataset: Dataset, order: Uint32Array, fractions: Fractions, stratify: boolean): Split {
  const groups = groupsOf(dataset, order, stratify);
  if (groups !== null) return cutGroups(order, groups, fractions);
  const trainSize = Math.floor(fractions[0] * order.length);
  const validationEnd = trainSize + Math.floor(fractions[1] * order.length);
  return {
    train: order.slice(0, trainSize),
    validation: order.slice(trainSize, validationEnd),
    test: order.slice(validationEnd),
  };
}

/** Cuts an order into training and validation samples alone. */
function cutInTwo(dataset: Dataset, order: Uint32Array, share: number, stratify: boolean) {
  const groups = groupsOf(dataset, order, stratify);
  if (groups !== null) return cutGroups(order, groups, [1 - share, share, 0]);
  const trainSize = order.length - Math.floor(share * order.length);
  return { train: order.slice(0, trainSize), validation: order.slice(trainSize) };
}
