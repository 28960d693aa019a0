import { describe, expect, it } from 'vitest';
import { typescriptBackend } from '../src/backend-ts/backend.js';
import { predictionOf } from '../src/data/prediction.js';
import type { Dataset } from '../src/dataset.js';
import { decodeModel, encodeModel } from '../src/file/model-file.js';
import { Predictor } from '../src/network/predictor.js';
import { Stream } from '../src/random/stream.js';
import { recipeFor } from '../src/train/recipe-for.js';
import { train } from '../src/train/train.js';
import { Training } from '../src/train/training.js';
import { verify } from '../src/train/verify.js';

const backend = typescriptBackend();

/** 160 rows of two numbers and whether each of them, and their sum, is above 0. */
function signs(): Dataset {
  const stream = new Stream(7, 'split', 0);
  const inputs = new Float32Array(320).map(() => stream.normal());
  const values = Float32Array.from(
    Array.from({ length: 160 }, (_, row) => row).flatMap((row) => {
      const [a, b] = [inputs[2 * row]!, inputs[2 * row + 1]!];
      return [a, b, a + b].map((value) => Number(value > 0));
    }),
  );
  return {
    name: 'signs',
    inputs,
    features: 2,
    image: null,
    labels: new Uint32Array(),
    classes: 0,
    trainCount: 160,
    testCount: 0,
    values,
  };
}

describe('a yes or no of several labels', () => {
  const dataset = signs();
  const recipe = recipeFor(dataset, { epochs: 40, learningRate: 0.02, patience: null });

  it('is what zeros and ones are learnt as', async () => {
    expect(recipe).toMatchObject({ loss: 'binary-cross-entropy', standardizeTargets: false });
    const model = await train({ recipe, dataset, backend });
    const { metrics, baseline, targets, testAccuracy } = model.receipt;
    expect(testAccuracy).toBeNull();
    expect(metrics).toMatchObject({ accuracy: expect.any(Number) });
    if (!('subsetAccuracy' in metrics!)) throw new Error('expected measures of labels');
    expect(metrics.accuracy).toBeGreaterThan(0.9);
    expect((baseline as typeof metrics).accuracy).toBeLessThan(0.75);
    expect(targets).toHaveLength(3);
    const loaded = await decodeModel(encodeModel(model), 'signs');
    expect(loaded.receipt.targets).toEqual(targets);
    const predictor = new Predictor(loaded, backend, 1);
    const outputs = predictor.predict(Float32Array.of(2, -1));
    predictor.close();
    const prediction = predictionOf(loaded, outputs);
    expect(prediction).toEqual({ labels: [1, 0, 1], probabilities: [...outputs] });
    expect(await verify({ receipt: loaded.receipt, dataset, backend })).toMatchObject({
      verified: true,
    });
  });

  it('goes on from a checkpoint with the same bits', async () => {
    const whole = await train({ recipe, dataset, backend });
    const first = await Training.open(backend, recipe, dataset);
    for (let epoch = 0; epoch < 7; epoch += 1) await first.runEpoch();
    const checkpoint = first.checkpoint();
    first.close();
    const second = await Training.open(backend, recipe, dataset, checkpoint);
    while (!second.isDone) await second.runEpoch();
    expect((await second.finish()).receipt).toEqual(whole.receipt);
    second.close();
  });

  it('needs zeros and ones, and no scale', async () => {
    const others = { ...dataset, values: dataset.values!.map((value) => value / 2) };
    const asked = { loss: 'binary-cross-entropy' } as const;
    expect(() => recipeFor(others, asked)).toThrow(
      'loss: expected nothing but 0 and 1 for binary-cross-entropy (signs), received 0.5',
    );
    expect(() => recipeFor(dataset, { standardizeTargets: true })).toThrow(
      'standardizeTargets: expected false',
    );
    expect(recipeFor(others).loss).toBe('squared-error');
  });
});
