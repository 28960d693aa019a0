import { type Dataset, RECIPES, type RecipeInput, train } from '@bitgrad/core';
import { describe, expect, test } from 'vitest';
import { expectSameBits, isMissing, Numbers, nativeBackends, typescript } from './support.js';

const SIDE = 9;
const TRAIN = 150;
const SAMPLES = 190;
const numbers = new Numbers(5);
const common = { trainCount: TRAIN, testCount: SAMPLES - TRAIN };

/** Images in three classes: a class's third is bright. */
const images: Dataset = (() => {
  const labels = Uint32Array.from({ length: SAMPLES }, () => numbers.below(3));
  const inputs = new Uint8Array(SAMPLES * SIDE * SIDE).map((_, at) => {
    const third = Math.floor(((at % (SIDE * SIDE)) * 3) / (SIDE * SIDE));
    return third === labels[Math.floor(at / (SIDE * SIDE))] && numbers.below(2) === 0
      ? 1 + numbers.below(255)
      : 0;
  });
  const image = { height: SIDE, width: SIDE };
  return { name: 'images', inputs, features: SIDE * SIDE, image, labels, classes: 3, ...common };
})();

/** A table of five columns whose two values are their sum and a product. */
const table: Dataset = (() => {
  const inputs = numbers.floats(SAMPLES * 5, 'plain', 1).map((value) => 3 * value + 1);
  const values = Float32Array.from({ length: SAMPLES * 2 }, (_, at) => {
    const row = inputs.subarray(Math.floor(at / 2) * 5, Math.floor(at / 2) * 5 + 5);
    return at % 2 === 0 ? row.reduce((sum, value) => sum + value, 0) : row[0]! * row[1]!;
  });
  const labels = new Uint32Array(0);
  return { name: 'table', inputs, features: 5, image: null, labels, classes: 0, values, ...common };
})();

const base: RecipeInput = {
  ...RECIPES.mnist!,
  layers: [SIDE * SIDE, 17, 3],
  augment: 'none',
  epochs: 2,
  batchSize: 16,
  learningRate: 0.05,
  seed: 2 ** 40 + 7,
};

const regression: Partial<RecipeInput> = {
  layers: [5, 16, 2],
  preprocess: 'none',
  loss: 'squared-error',
  standardize: true,
};

const CASES: readonly [string, Dataset, Partial<RecipeInput>][] = [
  ['momentum, warmed up', images, { optimizer: 'momentum', warmup: 7 }],
  ['nesterov with L2', images, { optimizer: 'nesterov', momentum: 0.8, l2: 1e-3 }],
  ['adam', images, { optimizer: 'adam', learningRate: 0.003, preprocess: 'scale' }],
  ['adamw', images, { optimizer: 'adamw', weightDecay: 0.1, schedule: 'step:1,0.5' }],
  ['dropout', images, { dropout: 0.25, layers: [SIDE * SIDE, 33, 15, 3] }],
  ['affine', images, { augment: 'affine', preprocess: 'scale' }],
  ['affine, binarized, one at a time', images, { augment: 'affine', batchSize: 1 }],
  ['balanced classes', images, { classWeights: 'balanced', trainOnValidation: true }],
  ['weighted classes', images, { classWeights: [1, 0.3, 2.5], batchSize: 7 }],
  ['shards', images, { shards: 3, augment: 'shift:1' }],
  ['more shards than rows', images, { shards: 20, batchSize: 9 }],
  ['numbers of a table', table, regression],
  ['numbers, adam and dropout', table, { ...regression, optimizer: 'adam', dropout: 0.1 }],
  [
    'all together',
    images,
    {
      optimizer: 'adamw',
      weightDecay: 0.01,
      dropout: 0.5,
      shards: 4,
      augment: 'affine',
      warmup: 5,
    },
  ],
];

describe.skipIf(isMissing)('whole trainings give the bits of the TypeScript backend', () => {
  test.each(CASES)('%s', async (_, dataset, changes) => {
    const recipe = { ...base, ...changes };
    const expected = await train({ recipe, dataset, backend: typescript });
    expect(expected.parameters.every(Number.isFinite)).toBe(true);
    for (const backend of nativeBackends) {
      const received = await train({ recipe, dataset, backend });
      expectSameBits(backend.isa, received.parameters, expected.parameters);
      expect(received.receipt).toEqual(expected.receipt);
    }
  });
});
