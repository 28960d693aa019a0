import { parseLayers, type Recipe, train, typescriptBackend } from '@bitgrad/core';
import { describe, expect, test } from 'vitest';
import type { EpochDone, StepNumbers } from '../src/worker/protocol.js';
import { Training } from '../src/worker/trainer.js';
import { SMALL_RECIPE, smallDataset } from './small-data.js';

const backend = typescriptBackend();
const dataset = smallDataset();
const reference = train({ recipe: SMALL_RECIPE, dataset, backend });

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe('a training on the page', () => {
  test('gives the bits of the core, and looks at every epoch without changing any', async () => {
    const epochs: EpochDone[] = [];
    let begun = -1;
    const { receipt } = await new Training(SMALL_RECIPE, dataset, backend).run({
      onStart: (accuracy) => {
        begun = accuracy;
      },
      onEpoch: (report) => epochs.push(report),
    });
    expect(receipt).toEqual((await reference).receipt);
    expect(epochs.map(({ weightsSha256 }) => weightsSha256)).toEqual(receipt.epochs);
    expect(epochs.at(-1)!.accuracy).toBe(receipt.testAccuracy);
    expect(begun).toBeLessThan(0.5);
  });

  test('pausing and resuming change no bit, and paused time is not training time', async () => {
    const training = new Training(SMALL_RECIPE, dataset, backend);
    training.gate.pause();
    const result = training.run({});
    await pause(300);
    expect(training.gate.isPaused).toBe(true);
    training.gate.resume();
    const { receipt, run } = await result;
    expect(receipt).toEqual((await reference).receipt);
    expect(training.gate.pausedSeconds).toBeGreaterThan(0.25);
    expect(run.trainSeconds).toBeGreaterThan(0);
  });

  test('stopping ends it, paused or not', async () => {
    for (const isPaused of [false, true]) {
      const training = new Training({ ...SMALL_RECIPE, epochs: 1000 }, dataset, backend);
      if (isPaused) training.gate.pause();
      const result = training.run({});
      setTimeout(() => training.stop(), 30);
      await expect(result).rejects.toMatchObject({ name: 'AbortedError' });
    }
  });
});

/** Weights after an observed step, as its numbers say, in binary32. */
function stepped({ weights, weightGradients, rate, recipe }: StepNumbers, layer: number) {
  const { fround } = Math;
  const l2 = fround(recipe.l2);
  return weights[layer]!.map((weight, at) => {
    const raw = weightGradients[layer]![at]!;
    const gradient = l2 === 0 ? raw : fround(raw + fround(l2 * weight));
    return fround(weight - fround(rate * gradient));
  });
}

describe('an observed step', () => {
  const recipes: Record<string, Recipe> = {
    plain: SMALL_RECIPE,
    'with L2, two hidden layers and tanh': {
      ...SMALL_RECIPE,
      layers: [784, 12, 9, 10],
      activation: 'tanh',
      l2: 0.01,
    },
    'affine maps': { ...SMALL_RECIPE, augment: 'affine' },
    'convolutions, a norm and dropout': {
      ...SMALL_RECIPE,
      layers: parseLayers('28x28,conv4:5/2,norm,pool,drop:0.2,conv6,gap,10'),
      epochs: 1,
    },
  };

  test.each(Object.entries(recipes))(
    '%s: its numbers are those of the training',
    async (_, recipe) => {
      const training = new Training(recipe, dataset, backend);
      training.gate.pause();
      const result = training.run({});
      const first = await training.nextStep();
      const second = await training.nextStep();
      expect([first.step, second.step]).toEqual([1, 2]);
      expect(first).toMatchObject({ isReal: true, rows: 7 });
      // All that is told of one image is told of the same one.
      expect(-Math.log(first.probabilities[first.label]!)).toBeCloseTo(first.loss, 4);
      // The image is there to be shown, bright row and all.
      expect(first.input.filter((value) => value === 1).length).toBeGreaterThan(24);
      // What the first step's numbers lead to is what the second step found, bit for bit.
      for (const layer of first.weights.keys())
        expect(stepped(first, layer)).toEqual(second.weights[layer]);
      training.gate.resume();
      const expected = await train({ recipe, dataset, backend });
      expect((await result).receipt).toEqual(expected.receipt);
    },
  );

  test('a training that has ended sends away those who want one', async () => {
    const training = new Training(SMALL_RECIPE, dataset, backend);
    const result = training.run({});
    training.stop();
    await expect(result).rejects.toMatchObject({ name: 'AbortedError' });
    await expect(training.nextStep()).rejects.toMatchObject({ name: 'AbortedError' });
  });

  test('two who ask at once get one after the other', async () => {
    const training = new Training(SMALL_RECIPE, dataset, backend);
    training.gate.pause();
    const result = training.run({});
    const steps = await Promise.all([training.nextStep(), training.nextStep()]);
    expect(steps.map(({ step }) => step)).toEqual([1, 2]);
    training.stop();
    await expect(result).rejects.toMatchObject({ name: 'AbortedError' });
  });
});
