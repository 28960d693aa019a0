import { BitgradError, show } from '@bitgrad/core';
import { listNames } from '../classes.js';
import type { ArraySource } from './read-array.js';

/** Samples and what is to be learnt of them. */
export interface ArrayPair {
  readonly inputs: ArraySource;
  readonly targets: ArraySource;
}

/** A data set's arrays. */
export interface ArrayPairs {
  readonly train: ArrayPair;
  readonly validation: ArrayPair | undefined;
  readonly test: ArrayPair | undefined;
}

type Names = readonly (readonly [inputs: string, targets: string])[];

/** Names in use, in small letters, in the order in which they are tried. */
const TRAIN: Names = [
  ['x_train', 'y_train'],
  ['train_images', 'train_labels'],
  ['images', 'labels'],
  ['x', 'y'],
  ['data', 'target'],
];
const VALIDATION: Names = [
  ['x_val', 'y_val'],
  ['x_valid', 'y_valid'],
  ['x_validation', 'y_validation'],
  ['val_images', 'val_labels'],
];
const TEST: Names = [
  ['x_test', 'y_test'],
  ['test_images', 'test_labels'],
];

/**
 * Finds the arrays of a data set by their names, upper and lower case aside. Other arrays are left
 * aside.
 *
 * @throws BitgradError if there are none
 */
export function findPairs(sources: readonly ArraySource[], place: string): ArrayPairs {
  const byName = new Map(sources.map((source) => [source.name.toLowerCase(), source]));
  const train = findPair(byName, TRAIN);
  if (train !== undefined) {
    const validation = findPair(byName, VALIDATION);
    return { train, validation, test: findPair(byName, TEST) };
  }
  const received = sources.length === 0 ? 'no arrays' : listNames(sources.map(({ name }) => name));
  throw new BitgradError(
    `${place}: expected the arrays ${show('x_train')} and ${show('y_train')}, received ${received}`,
    `Other names that are known: ${TRAIN.slice(1)
      .map((pair) => pair.join(' and '))
      .join('; ')}.`,
  );
}

function findPair(byName: ReadonlyMap<string, ArraySource>, names: Names): ArrayPair | undefined {
  for (const [inputsName, targetsName] of names) {
    const inputs = byName.get(inputsName);
    const targets = byName.get(targetsName);
    if (inputs && targets) return { inputs, targets };
  }
  return undefined;
}
