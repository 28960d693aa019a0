import {
  type Dataset,
  initialParameters,
  type Model,
  parameterShapes,
  type Recipe,
  Stream,
} from '@bitgrad/core';
import type { Twist } from './protocol.js';

/** What every weight is where all begin equal. */
const EQUAL = 0.05;

/** A data set as an experiment wants it: with its training labels dealt out by chance, or as it is. */
export function twistedData(dataset: Dataset, twist: Twist | null, seed: number): Dataset {
  if (twist !== 'random-labels') return dataset;
  const labels = dataset.labels.slice();
  new Stream(seed, 'split', 1).shuffle(labels.subarray(0, dataset.trainCount));
  return { ...dataset, name: `${dataset.name}+random-labels`, labels, sha256: undefined };
}

/** The weights that an experiment begins with, or undefined for random ones. */
export function twistedStart(recipe: Recipe, twist: Twist | null): Model | undefined {
  if (twist !== 'equal-weights') return undefined;
  const parameters = initialParameters(recipe, recipe.initializer, recipe.seed);
  for (const { role, start, length } of parameterShapes(recipe))
    if (role === 'weight') parameters.fill(EQUAL, start, start + length);
  return { recipe, parameters, standardization: null, classNames: null, encoding: null };
}
