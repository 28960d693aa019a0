import type { Dataset } from '../dataset.js';
import { range, Stream } from '../random/stream.js';
import { RecipeError } from '../recipe/recipe.js';

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
  /** Fractions of train, validation and test; null keeps the data set's own test samples. */
  readonly split: readonly [number, number, number] | null;
  readonly seed: number;
}

/**
 * Chooses the samples of each part. With `split`, all samples are put into a random order, the
 * first `subset` of them are kept and cut; sizes are rounded down, and test takes the rest.
 * Without, the test part is the data set's own, there is no validation part, and `subset` takes
 * from the training samples.
 *
 * @throws RecipeError if the data set is too small, or a part that is needed would be empty
 */
export function splitDataset(dataset: Dataset, { subset, split, seed }: SplitOptions): Split {
  const { trainCount, testCount } = dataset;
  const available = split === null ? trainCount : trainCount + testCount;
  const taken = subset ?? available;
  if (taken > available) {
    throw new RecipeError(
      'subset',
      `expected at most ${available} samples, which is what ${dataset.name} has, received ${taken}`,
    );
  }
  const order = range(0, available);
  if (split !== null || subset !== null) new Stream(seed, 'split', 0).shuffle(order);
  const trainSize = split === null ? taken : Math.floor(split[0] * taken);
  const validationSize = split === null ? 0 : Math.floor(split[1] * taken);
  const parts = {
    train: order.slice(0, trainSize),
    validation: order.slice(trainSize, trainSize + validationSize),
    test:
      split === null
        ? range(trainCount, testCount)
        : order.slice(trainSize + validationSize, taken),
  };
  if (parts.train.length === 0) {
    throw new RecipeError(
      'split',
      `expected at least 1 training sample, received none (of ${taken})`,
    );
  }
  return parts;
}
