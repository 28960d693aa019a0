import { describe, expect, it } from 'vitest';
import { typescriptBackend } from '../src/backend-ts/backend.js';
import type { Dataset } from '../src/dataset.js';
import { decodeModel, encodeModel } from '../src/file/model-file.js';
import { Predictor } from '../src/network/predictor.js';
import { Stream } from '../src/random/stream.js';
import type { Recipe } from '../src/recipe/recipe.js';
import { evaluate } from '../src/train/evaluate.js';
import { splitDataset } from '../src/train/split.js';
import { train } from '../src/train/train.js';
import { verify } from '../src/train/verify.js';
import { smallRecipe } from './synthetic.js';

/** 120 rows of two numbers; each output is their sum, in units that are far from 0 and 1. */
function prices(outputs: number): Dataset {
  const stream = new Stream(5, 'split', 0);
  const inputs = new Float32Array(240).map(() => stream.normal());
  const values = new Float32Array(120 * outputs).map((_, at) => {
    const row = Math.floor(at / outputs);
    const sum = inputs[2 * row]! + inputs[2 * row + 1]!;
    return at % outputs === 0 ? 300_000 + 50_000 * sum : -0.002 * sum;
  });
  return {
    name: 'prices',
    inputs,
    features: 2,
    image: null,
    labels: new Uint32Array(),
    classes: 0,
    trainCount: 120,
    testCount: 0,
    values,
  };
}

function trainPrices(dataset: Dataset, changes: Partial<Recipe> = {}) {
  const recipe = smallRecipe({
    layers: [2, 8, dataset.values!.length / 120],
    preprocess: 'none',
    loss: 'squared-error',
    split: [0.6, 0.2, 0.2],
    standardizeTargets: true,
    epochs: 30,
    learningRate: 0.1,
    ...changes,
  });
  return train({ recipe, dataset, backend: typescriptBackend() });
}

/** The mean of (prediction − value)² over the samples, of one output. */
function meanSquare(predicted: Float32Array, dataset: Dataset, samples: Uint32Array, output = 0) {
  const outputs = dataset.values!.length / 120;
  const squares = [...samples].map((sample, row) => {
    const difference =
      predicted[row * outputs + output]! - dataset.values![sample * outputs + output]!;
    return difference * difference;
  });
  return squares.reduce((sum, square) => sum + square, 0) / squares.length;
}

describe('numbers that are standardised to be learnt', () => {
  const dataset = prices(1);
  const { test } = splitDataset(dataset, { subset: null, split: [0.6, 0.2, 0.2], seed: 1 });
  const rows = (of: Dataset): Float32Array =>
    Float32Array.from(
      [...test].flatMap((sample) => [...of.inputs.slice(2 * sample, 2 * sample + 2)]),
    );

  it('are learnt where the same recipe diverges on the numbers themselves', async () => {
    const { receipt } = await trainPrices(dataset);
    expect(Math.sqrt(receipt.testLoss!)).toBeLessThan(0.2 * 50_000 * Math.SQRT2);
    await expect(trainPrices(dataset, { standardizeTargets: false })).rejects.toThrow('finite');
  });

  it('are predicted, and their loss is told, in their own units', async () => {
    const model = await trainPrices(dataset);
    const predictor = new Predictor(model, typescriptBackend(), test.length);
    const predicted = predictor.predict(rows(dataset));
    predictor.close();
    const expected = meanSquare(predicted, dataset, test);
    expect(model.receipt.testLoss! / expected).toBeCloseTo(1, 5);
    const again = await evaluate(model, dataset, test, typescriptBackend());
    expect(again.loss).toBe(model.receipt.testLoss);
  });

  it('have each a scale of their own, and a loss that is a share of their variance', async () => {
    const two = prices(2);
    const model = await trainPrices(two);
    expect(model.targetStandardization!.mean[0]).toBeCloseTo(300_000, -5);
    expect(model.receipt.testLoss).toBeLessThan(0.1);
    const predictor = new Predictor(model, typescriptBackend(), test.length);
    const predicted = predictor.predict(rows(two));
    predictor.close();
    for (const [output, unit] of [50_000, 0.002].entries()) {
      expect(Math.sqrt(meanSquare(predicted, two, test, output)) / unit).toBeLessThan(0.5);
    }
  });

  it('are in the model file, and it is told if they are changed', async () => {
    const model = await trainPrices(dataset);
    const bytes = encodeModel(model);
    const read = await decodeModel(bytes, 'prices.safetensors');
    expect(read.targetStandardization).toEqual(model.targetStandardization);
    const { mean, deviation } = model.targetStandardization!;
    const forged = { ...model, targetStandardization: { mean: mean.map((x) => x + 1), deviation } };
    await expect(decodeModel(encodeModel(forged), 'forged')).rejects.toThrow('scaling');
  });

  it('are measured again by verify', async () => {
    const { receipt } = await trainPrices(dataset);
    const result = await verify({ receipt, dataset, backend: typescriptBackend() });
    expect(result).toMatchObject({ verified: true, firstMismatch: null });
  });

  it('are refused where there are classes', async () => {
    const classes = { ...dataset, values: undefined, labels: new Uint32Array(120), classes: 2 };
    const recipe = smallRecipe({ layers: [2, 2], preprocess: 'none', standardizeTargets: true });
    await expect(train({ recipe, dataset: classes, backend: typescriptBackend() })).rejects.toThrow(
      'standardizeTargets: expected false, because prices has classes',
    );
  });
});
