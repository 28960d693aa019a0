import { describe, expect, it } from 'vitest';
import { typescriptBackend } from '../src/backend-ts/backend.js';
import { decodeModel, encodeModel } from '../src/file/model-file.js';
import { range } from '../src/random/stream.js';
import type { Recipe } from '../src/recipe/recipe.js';
import { RECIPES } from '../src/recipe/recipes.js';
import { areNearlyEqual } from '../src/train/ink.js';
import { changeRecipe, recipeFor } from '../src/train/recipe-for.js';
import { splitDataset } from '../src/train/split.js';
import { train } from '../src/train/train.js';
import { verify } from '../src/train/verify.js';
import { smallDataset, smallRecipe } from './synthetic.js';

const mnist = RECIPES.mnist!;

/** A table of two numbers a row. */
const table = smallDataset({
  inputs: Float32Array.from({ length: 180 }, (_, at) => Math.floor(at / 2) % 3),
  features: 2,
  image: null,
});

describe('recipeFor', () => {
  it('leaves a recipe alone that fits', () => {
    const digits = smallDataset({ inputs: new Uint8Array(90 * 784), features: 784, image: null });
    const named = { ...digits, image: { height: 28, width: 28 }, classes: 10 };
    expect(recipeFor(named)).toEqual(mnist);
  });

  it('shortens a warm-up that was not asked for and outlasts the training', () => {
    const digits = smallDataset({ inputs: new Uint8Array(90 * 784), features: 784 });
    const images = { ...digits, image: { height: 28, width: 28 } };
    const conv = RECIPES['mnist-conv']!;
    expect(recipeFor(images, { epochs: 100 }, conv).warmup).toBe(conv.warmup);
    const steps = Math.ceil(splitDataset(images, conv).train.length / conv.batchSize);
    expect(recipeFor(images, { epochs: 20 }, conv).warmup).toBe(2 * steps);
    expect(recipeFor(images, { epochs: 20, warmup: 100 }, conv).warmup).toBe(100);
  });

  it('gives a table layers, standardisation and no augmentation', () => {
    const recipe = recipeFor(table, { epochs: 2 }, mnist);
    const expected = { layers: [2, 32, 3], preprocess: 'none', standardize: true, augment: 'none' };
    expect(recipe).toEqual({ ...mnist, ...expected, epochs: 2 });
  });

  it('learns numbers by squared error', () => {
    const numbers = { ...table, labels: new Uint32Array(), classes: 0 };
    const values = new Float32Array(90);
    expect(recipeFor({ ...numbers, values }, {}, mnist)).toMatchObject({
      loss: 'squared-error',
      standardizeTargets: true,
      layers: [2, 32, 1],
    });
  });

  it('lets what was asked for stand, or refuses it', () => {
    expect(recipeFor(table, { standardize: false, layers: [2, 5, 3] })).toMatchObject({
      standardize: false,
      layers: [2, 5, 3],
    });
    expect(() => recipeFor(table, { layers: [4, 3] })).toThrow(/^layers: expected a first width/);
    expect(() => recipeFor(table, { augment: 'affine' })).toThrow(/^augment: expected none/);
  });
});

describe('recipeFor for a table', () => {
  const whole = { ...table, trainCount: 90, testCount: 0 };
  const numbers = { ...whole, labels: new Uint32Array(), classes: 0, values: new Float32Array(90) };

  it('holds samples out, gives each part its share of each class, and stops in time', () => {
    expect(recipeFor(whole)).toMatchObject({
      name: 'table',
      split: [0.7, 0.15, 0.15],
      stratify: true,
      validation: 0,
      layers: [2, 64, 3],
      standardizeTargets: false,
      patience: expect.any(Number),
    });
  });

  it('learns numbers by squared error, brought to mean 0 and deviation 1', () => {
    expect(recipeFor(numbers)).toMatchObject({
      name: 'table-regression',
      loss: 'squared-error',
      stratify: false,
      standardizeTargets: true,
      layers: [2, 64, 1],
    });
  });

  it("keeps the data's own test part, and some of the training samples apart", () => {
    const recipe = recipeFor(table);
    expect(recipe).toMatchObject({ split: null, validation: 0.15, stratify: true });
    const { validation, test } = splitDataset(table, recipe);
    expect([validation.length > 0, test.length]).toEqual([true, 20]);
  });

  it('takes more steps for a small table, and wider layers for a large one', () => {
    const many = 50_000;
    const large = {
      ...table,
      inputs: new Float32Array(2 * many),
      labels: range(0, many).map((at) => at % 3),
      trainCount: many,
      testCount: 0,
    };
    const [small, big] = [recipeFor(whole), recipeFor(large)];
    expect(big.epochs).toBeLessThan(small.epochs);
    expect(big.batchSize).toBeGreaterThan(small.batchSize);
    expect(big.layers.length).toBeGreaterThan(small.layers.length);
  });

  it('watches nothing where nothing is kept apart', () => {
    for (const changes of [
      { split: null, validation: 0 },
      { split: [0.8, 0, 0.2] },
      { trainOnValidation: true },
    ] as Partial<Recipe>[]) {
      expect(recipeFor(whole, changes).patience, JSON.stringify(changes)).toBeNull();
    }
    const few = { ...whole, inputs: new Float32Array(6), labels: Uint32Array.of(0, 1, 2) };
    expect(recipeFor({ ...few, trainCount: 3 }).patience).toBeNull();
    expect(() => recipeFor(whole, { split: [0.8, 0, 0.2], patience: 3 })).toThrow(
      'patience: expected null',
    );
  });

  it("keeps the samples' order where that was asked for", () => {
    const split = 'time:0.7,0.15,0.15' as const;
    expect(recipeFor(whole, { split })).toMatchObject({ split, stratify: false });
  });

  it('tests one of some folds', () => {
    expect(recipeFor(whole, { fold: '2/5' })).toMatchObject({ fold: '2/5', stratify: true });
    expect(recipeFor(table, { fold: '2/5' }).split).toEqual([0.7, 0.15, 0.15]);
    expect(recipeFor(table, { fold: '2/5' }, mnist).split).toEqual([0.7, 0.15, 0.15]);
  });

  it('holds out of images too, if they bring no test part', () => {
    const digits = smallDataset({ trainCount: 90, testCount: 0 });
    const expected = { name: 'mnist', split: [0.7, 0.15, 0.15], stratify: true, patience: null };
    expect(recipeFor(digits)).toMatchObject(expected);
  });
});

describe('recipeFor refuses what would decide nothing', () => {
  const split = [0.8, 0.1, 0.1] as const;

  it.each<[Partial<Recipe>, string]>([
    [{ momentum: 0.5 }, 'momentum: expected none with sgd, because only momentum and nesterov'],
    [{ momentum: 0.5, optimizer: 'adam' }, 'momentum: expected none with adam'],
    [{ dropout: 0.5, layers: [2, 3] }, 'dropout: expected none, because 2,3 has no hidden layer'],
    [
      { activation: 'tanh', layers: [2, 3] },
      'activation: expected none, because 2,3 has no hidden',
    ],
    [{ shards: 9, batchSize: 8 }, 'shards: expected at most 8, the samples of a step, received 9'],
    [{ trainOnValidation: true }, 'trainOnValidation: expected false, because no validation'],
  ])('%j', (changes, message) => {
    expect(() => recipeFor(table, changes, mnist)).toThrow(message);
  });

  it.each<Partial<Recipe>>([
    { momentum: 0.5, optimizer: 'nesterov' },
    { dropout: 0, layers: [2, 3] },
    { dropout: 0.5, activation: 'tanh', shards: 8, batchSize: 8 },
    { trainOnValidation: true, split },
    { trainOnValidation: false },
  ])('but not %j', (changes) => {
    expect(recipeFor(table, changes, mnist)).toMatchObject(changes);
  });
});

describe('changeRecipe', () => {
  it.each([
    ['sgd', 0.2, 0],
    ['momentum', 0.02, 0],
    ['nesterov', 0.02, 0],
    ['adam', 0.001, 0],
    ['adamw', 0.001, 0.01],
  ] as const)('%s brings its usual rate along', (optimizer, learningRate, weightDecay) => {
    expect(changeRecipe(mnist, { optimizer })).toMatchObject({ learningRate, weightDecay });
    expect(changeRecipe(mnist, { optimizer, learningRate: 0.5 }).learningRate).toBe(0.5);
  });

  it('keeps the rate of a recipe whose optimizer stays', () => {
    const best = RECIPES['mnist-best']!;
    expect(changeRecipe(best, { optimizer: 'nesterov', epochs: 1 })).toEqual({
      ...best,
      epochs: 1,
    });
  });
});

describe('start', () => {
  const dataset = smallDataset();
  const backend = typescriptBackend();

  it('begins with a model, which the receipt names and verify asks for', async () => {
    const first = await train({ recipe: smallRecipe(), dataset, backend });
    const start = await decodeModel(encodeModel(first), 'first');
    const recipe = smallRecipe({ epochs: 1, learningRate: 1e-9 });
    const { receipt } = await train({ recipe, dataset, backend, start });
    expect(receipt.recipe.initializer).toBe(`model:${first.receipt.weightsSha256}`);
    // Next to no learning: what the model knew, it still knows.
    expect(receipt.testLoss).toBeCloseTo(first.receipt.testLoss!, 6);
    expect(await verify({ receipt, dataset, backend, start })).toMatchObject({ verified: true });
    await expect(verify({ receipt, dataset, backend })).rejects.toThrow(
      /^initializer: expected a model to start from whose weights have SHA-256 .*, received none$/,
    );
  });

  it('refuses a model with other layers', async () => {
    const start = await train({ recipe: smallRecipe({ epochs: 1 }), dataset, backend });
    const recipe = smallRecipe({ layers: [16, 9, 3] });
    await expect(train({ recipe, dataset, backend, start })).rejects.toThrow(
      'layers: expected 16,8,3, those of the model to start from, received 16,9,3',
    );
  });
});

describe('areNearlyEqual', () => {
  it('finds images that preprocessing leaves nothing of', () => {
    const photograph = Uint8Array.from({ length: 5000 }, (_, at) => 40 + ((at * 37) % 200));
    expect(areNearlyEqual(photograph, 'binarize')).toBe(true);
    expect(areNearlyEqual(photograph, 'scale')).toBe(false);
    const ink = photograph.map((value, at) => (at % 50 === 0 ? value : 0));
    expect(areNearlyEqual(ink, 'binarize')).toBe(false);
    const grey = photograph.map((value) => 128 + (value % 8));
    expect(areNearlyEqual(grey, 'scale')).toBe(true);
    expect(areNearlyEqual(new Uint8Array(), 'scale')).toBe(false);
  });
});
