// Small trainings that ranks do together, with what is carried from step to step and epoch to epoch.

import { RECIPES, Stream } from '@bitgrad/core';

/** 101 images of 8×8 bytes in four classes: a bright row for each class, and noise. */
export function makeData() {
  const stream = new Stream(5, 'split', 0);
  const labels = new Uint32Array(101).map(() => stream.below(4));
  const inputs = new Uint8Array(101 * 64).map((_, at) =>
    Math.floor((at % 64) / 16) === labels[Math.floor(at / 64)]
      ? 60 + stream.below(196)
      : stream.below(80),
  );
  return {
    name: 'rows',
    inputs,
    features: 64,
    image: { height: 8, width: 8 },
    labels,
    classes: 4,
    trainCount: 80,
    testCount: 21,
  };
}

const COMMON = {
  ...RECIPES.mnist,
  preprocess: /** @type {const} */ ('scale'),
  augment: 'none',
  epochs: 2,
  batchSize: 19,
  shards: 8,
  split: null,
};

/** @type {Readonly<Record<string, import('@bitgrad/core').RecipeInput>>} */
export const TRAININGS = {
  'perceptron, momentum': {
    ...COMMON,
    name: 'perceptron',
    layers: [64, 13, 4],
    optimizer: 'momentum',
    learningRate: 0.05,
  },
  'convolutions and norms, moved images': {
    ...COMMON,
    name: 'norms',
    layers: [
      [8, 8, 1],
      { type: 'conv2d', filters: 5, kernelSize: [3, 3], strides: [1, 1], padding: 'same' },
      { type: 'batchNorm', momentum: 0.9, epsilon: 1e-3 },
      { type: 'maxPool2d', poolSize: [2, 2], strides: [2, 2], padding: 'valid' },
      { type: 'dense', units: 4 },
    ],
    augment: 'shift:1',
  },
  'adam, dropout, class weights, early stopping': {
    ...COMMON,
    name: 'adam',
    layers: [64, 15, 9, 4],
    optimizer: 'adam',
    learningRate: 0.05,
    dropout: 0.3,
    classWeights: 'balanced',
    split: [0.6, 0.2, 0.2],
    patience: 2,
    epochs: 5,
  },
};
