import {
  initialParameters,
  RECIPES,
  type Recipe,
  range,
  train,
  typescriptBackend,
} from '@bitgrad/core';
import { describe, expect, test } from 'vitest';
import { accuracyCurve } from '../src/state/curve.js';
import { recipeProblem } from '../src/state/settings.js';
import { EXPERIMENTS } from '../src/views/train/experiments-list.js';
import { anchorsOf } from '../src/views/train/net/anchors.js';
import { sayUnit } from '../src/views/train/net/say-unit.js';
import { paintedTile } from '../src/views/train/neuron/painted-tile.js';
import { sayFailure } from '../src/views/train/outcome.js';
import { valueAt } from '../src/views/understand/hand/loss-curve.js';
import { findAsleep } from '../src/worker/asleep.js';
import { findExciting } from '../src/worker/exciting.js';
import { lossAlong, stepByHand } from '../src/worker/hand.js';
import { History, nextMoment } from '../src/worker/history.js';
import { LossWindows } from '../src/worker/loss-windows.js';
import { pictureOf } from '../src/worker/picture.js';
import type { LossPoint, Moment } from '../src/worker/protocol.js';
import { touched, UNTOUCHED } from '../src/worker/touch.js';
import { traceSample } from '../src/worker/trace.js';
import { Training } from '../src/worker/trainer.js';
import { twistedData, twistedStart } from '../src/worker/twist.js';
import { SMALL_RECIPE, smallDataset } from './small-data.js';

const backend = typescriptBackend();
const dataset = smallDataset();
const DEEP: Recipe = { ...SMALL_RECIPE, layers: [784, 40, 35, 10] };

describe('the picture of a network', () => {
  test('has the weights between the units that are drawn, of two hidden layers too', () => {
    const parameters = initialParameters(DEEP, 'xavier', 1);
    const { images, layers, links } = pictureOf(DEEP, parameters);
    expect(layers.map(({ shown }) => shown)).toEqual([32, 32, 10]);
    expect(images).toHaveLength(32 * 784);
    const second = 784 * 40 + 40;
    const third = second + 40 * 35 + 35;
    expect(links[0]![31 * 32 + 7]).toBe(parameters[second + 31 * 35 + 7]);
    expect(links[1]![31 * 10 + 9]).toBe(parameters[third + 31 * 10 + 9]);
  });

  test('says what a neuron is for, and why one sleeps', () => {
    const parameters = new Float32Array(784 * 12 + 12 + 120 + 10);
    parameters.set([0.5, 0, -0.25], 784 * 12 + 12 + 5 * 10 + 2);
    const known = { picture: pictureOf(SMALL_RECIPE, parameters), trace: null, asleep: [] };
    expect(sayUnit({ layer: 0, unit: 5 }, known)).toBe(
      'Neuron 5 speaks most for 2 (+0.50) and against 4 (\u22120.25).',
    );
    expect(sayUnit({ layer: 1, unit: 2 }, known)).toContain('For 2 speaks most neuron 5 (+0.50)');
    const asleep = [Uint8Array.of(0, 0, 0, 0, 0, 1)];
    expect(sayUnit({ layer: 0, unit: 5 }, { ...known, asleep })).toContain('no gradient');
  });

  test('lines leave a layer beside each other, and none twice at one place', () => {
    const box = (x: number, y: number, width: number, height: number) =>
      ({ left: x, top: y, right: x + width, bottom: y + height, width, height }) as DOMRect;
    const units = range(0, 32);
    const boxes = [...units].map((unit) => box((unit % 4) * 60, Math.floor(unit / 4) * 60, 56, 56));
    const layer = box(0, 0, 236, 476);
    for (const across of [true, false]) {
      const anchors = anchorsOf(boxes, layer, across);
      const places = anchors.map(({ from }) => (across ? from.y : from.x));
      expect(new Set(places.map((place) => place.toFixed(3))).size).toBe(32);
      for (const { from } of anchors) expect(across ? from.x : from.y).toBe(across ? 236 : 476);
    }
  });
});

describe('units that sleep', () => {
  test('are those that no image wakes, and only ReLU’s', async () => {
    const { parameters } = await train({ recipe: SMALL_RECIPE, dataset, backend });
    const drowsy = parameters.slice();
    // A bias that no sum of 784 inputs can make up for.
    drowsy[784 * 12 + 3] = -1e6;
    const none = { standardization: null, classNames: null, encoding: null };
    const [found] = findAsleep({ recipe: SMALL_RECIPE, parameters: drowsy, ...none }, dataset);
    expect(found![3]).toBe(1);
    const [awake] = findAsleep({ recipe: SMALL_RECIPE, parameters, ...none }, dataset);
    expect(awake![3]).toBe(0);
    const tanh = { ...SMALL_RECIPE, activation: 'tanh' } as const;
    expect(findAsleep({ recipe: tanh, parameters: drowsy, ...none }, dataset)[0]![3]).toBe(0);
  });
});

describe('a training that is watched', () => {
  const watch = async (recipe: Recipe, speed: number | null = null) => {
    const losses: LossPoint[] = [];
    let moments: readonly Moment[] = [];
    const training = new Training(recipe, dataset, backend);
    training.gate.setSpeed(speed);
    const { receipt } = await training.run({
      onStart: () => undefined,
      onProgress: (progress) => losses.push(...progress.losses),
      onMoment: (kept) => {
        moments = kept;
      },
    });
    return { losses, moments, receipt, training };
  };

  test('draws the same curve on every run, and keeps the same moments, at any speed', async () => {
    const [one, other] = [await watch(SMALL_RECIPE), await watch(SMALL_RECIPE, 600)];
    expect(one.losses).toEqual(other.losses);
    expect(one.losses).toHaveLength(5);
    expect(one.moments).toEqual(other.moments);
    expect(one.receipt).toEqual(other.receipt);
    expect(one.moments.map(({ step }) => step)).toEqual([0, 1, 2, 4, 8, 16, 32, 43, 86, 129]);
    const { xs, ys } = accuracyCurve(one.moments, []);
    expect(xs.slice(0, 3)).toEqual([0, 1 / 43, 2 / 43]);
    expect(ys[0]).toBeLessThan(0.5);
    expect(one.moments.at(-1)!.accuracy).toBe(one.receipt.testAccuracy);
    expect(one.training.history.at(0)).toEqual(initialParameters(SMALL_RECIPE, 'xavier', 1));
  });

  test('makes one step at a time when asked to', async () => {
    const training = new Training(SMALL_RECIPE, dataset, backend);
    training.gate.pause();
    const steps: number[] = [];
    const result = training.run({ onProgress: ({ stepsDone }) => steps.push(stepsDone) });
    for (const wanted of [1, 2, 3]) {
      training.gate.grant(1);
      await expect.poll(() => steps.at(-1)).toBe(wanted);
    }
    training.gate.resume();
    expect((await result).receipt).toEqual((await watch(SMALL_RECIPE)).receipt);
  });

  test('goes as slowly as it is told', async () => {
    const training = new Training(SMALL_RECIPE, dataset, backend);
    training.gate.setSpeed(20);
    let last = 0;
    const result = training.run({
      onProgress: ({ stepsDone }) => {
        last = stepsDone;
      },
    });
    await expect.poll(() => last).toBeGreaterThan(2);
    expect(last).toBeLessThan(129);
    training.gate.setSpeed(null);
    await result;
  });
});

describe('what is kept of a training', () => {
  const snapshot = (step: number, epochs: number) => ({
    step,
    epochs,
    accuracy: 0,
    parameters: new Float32Array(1000),
  });

  test('is thinned out evenly, and keeps its beginning', () => {
    const history = new History();
    history.add(snapshot(0, 0));
    for (let epoch = 1; epoch <= 1000; epoch += 1) history.add(snapshot(epoch * 10, epoch));
    const epochs = history.moments.map((moment) => moment.epochs);
    expect(epochs.length).toBeLessThanOrEqual(80);
    expect(epochs.slice(0, 3)).toEqual([0, 1, 16]);
    expect(epochs.at(-1)).toBeGreaterThan(980);
  });

  test('outlives a reload, moment by moment; what does not fit is left', () => {
    const history = new History();
    for (const step of [0, 1, 2])
      history.add({ step, epochs: 0, accuracy: 0, parameters: Float32Array.of(step, -step) });
    const again = History.of(history.moments, history.weights, 2);
    expect(again.moments).toEqual(history.moments);
    expect(again.at(2)).toEqual(Float32Array.of(2, -2));
    expect(History.of(history.moments, history.weights, 3).moments).toEqual([]);
  });

  test('moments of the first epoch are twice as far from the beginning each time', () => {
    const steps = [0];
    while (Number.isFinite(steps.at(-1)!)) steps.push(nextMoment(steps.at(-1)!, 50));
    expect(steps).toEqual([0, 1, 2, 4, 8, 16, 32, Number.POSITIVE_INFINITY]);
  });
});

test('a window’s loss is the mean of its samples, whenever one looks', () => {
  const losses = Float32Array.from({ length: 2000 }, (_, at) => at);
  const often = new LossWindows(1);
  const points = [100, 700, 1200, 2000].flatMap((done) => often.take(1, losses, done, 2000));
  expect(points).toEqual(new LossWindows(1).take(1, losses, 2000, 2000));
  expect(points.map(({ epochs }) => epochs)).toEqual([0.032, 0.064, 0.25, 0.5, 0.75, 1]);
  expect(points.map(({ loss }) => loss)).toEqual([31.5, 95.5, 313.5, 749.5, 1249.5, 1749.5]);
  const later = often.take(2, losses, 2000, 2000);
  expect(later.map(({ epochs }) => epochs)).toEqual([1.25, 1.5, 1.75, 2]);
});

describe('an experiment', () => {
  test('with random labels has as many of each, and leaves the test samples alone', () => {
    const { labels, name, trainCount } = twistedData(dataset, 'random-labels', 1);
    expect(name).toBe('small+random-labels');
    const sorted = (from: Uint32Array) => [...from.subarray(0, trainCount)].sort();
    expect(sorted(labels)).toEqual(sorted(dataset.labels));
    expect(labels).not.toEqual(dataset.labels);
    expect(labels.subarray(trainCount)).toEqual(dataset.labels.subarray(trainCount));
    expect(twistedData(dataset, null, 1)).toBe(dataset);
  });

  test('with equal weights ends with neurons that are equal, to the bit', async () => {
    const start = twistedStart(SMALL_RECIPE, 'equal-weights');
    const training = new Training(SMALL_RECIPE, dataset, backend, start);
    const { parameters, recipe } = await training.run({});
    expect(recipe.initializer).toMatch(/^model:[0-9a-f]{64}$/);
    for (let pixel = 0; pixel < 784; pixel += 1) {
      const row = parameters.subarray(pixel * 12, (pixel + 1) * 12);
      expect(new Set(row).size).toBe(1);
    }
  });

  test('has a name and a reason of its own, and a recipe that is valid', () => {
    expect(new Set(EXPERIMENTS.map(({ name }) => name)).size).toBe(EXPERIMENTS.length);
    for (const { change, why } of EXPERIMENTS) {
      expect(recipeProblem({ ...RECIPES.mnist!, ...change })).toBeNull();
      expect(why.split('. ')).toHaveLength(1);
    }
  });

  test('that fails says how', () => {
    expect(sayFailure([2.3, 1, 0.3], 0.9, 0.2)).toBeNull();
    expect(sayFailure([2.3, 40, 2.4], 0.1, 5)).toBe('It diverged: rate 5 is too high for it');
    expect(sayFailure([2.31, 2.29], 0.11, 0.2)).toBe('It learned nothing');
    expect(sayFailure([2.31, 2.36, 2.3], 0.11, 1e-9)).toBe('It learned nothing');
    expect(sayFailure([2.3, 0.1], 0.1, 0.2)).toBeNull();
  });
});

describe('a neuron that is touched', () => {
  const trained = train({ recipe: DEEP, dataset, backend });

  test('is excited by images that it says most to', async () => {
    const model = await trained;
    const { images, values, labels, asked } = findExciting(model, dataset, { layer: 1, unit: 4 });
    expect(asked).toBe(100);
    expect(values).toEqual([...values].sort((a, b) => b - a));
    expect(images).toHaveLength(784 * labels.length);
    for (const [at, value] of values.entries()) {
      const pixels = images.subarray(at * 784, (at + 1) * 784);
      expect(traceSample(model, pixels).activations[2]![4]).toBe(value);
    }
  });

  test('switched off says nothing to anyone, and painted has the weights that were painted', async () => {
    const model = await trained;
    const pixels = dataset.inputs.subarray(0, 784) as Uint8Array;
    const off = touched(model, { ...UNTOUCHED, off: [{ layer: 0, unit: 7 }] });
    const without = model.parameters.slice();
    // The weights out of unit 7 stand after the first layer's 784 · 40 weights and 40 biases.
    without.fill(0, 784 * 40 + 40 + 7 * 35, 784 * 40 + 40 + 8 * 35);
    expect(off.parameters).toEqual(without);
    const values = new Float32Array(784).fill(1);
    const painted = touched(model, { ...UNTOUCHED, painted: [{ unit: 7, values }] });
    const ink = pixels.reduce((sum, pixel) => sum + pixel, 0);
    const bias = model.parameters[784 * 40 + 7]!;
    expect(traceSample(painted, pixels).activations[1]![7]).toBeCloseTo(ink + bias, 3);
    expect(touched(model, UNTOUCHED)).toBe(model);
  });

  test('a dab changes what is near it, and nothing else', () => {
    const blank = { values: new Float32Array(784), height: 28, width: 28 };
    const tile = paintedTile(blank, 10.5, 20.5, 3);
    expect(tile[20 * 28 + 10]).toBe(3);
    const changed = [...tile.keys()].filter((at) => tile[at] !== 0);
    for (const at of changed)
      expect(Math.hypot((at % 28) - 10, Math.floor(at / 28) - 20)).toBeLessThan(2.2);
    expect(changed.length).toBeGreaterThan(8);
  });
});

describe('back-propagation by hand', () => {
  const model = train({ recipe: { ...DEEP, epochs: 1 }, dataset, backend });
  const sample = { pixels: dataset.inputs.subarray(784, 1568) as Uint8Array, label: 4 };

  test('the gradient is the slope of the loss along its weight', async () => {
    const { numbers } = stepByHand(await model, sample)!;
    for (const [layer, index] of [
      [2, 57],
      [1, 300],
      [0, 14 * 40 + 3],
    ] as const) {
      const now = numbers.weights[layer]![index]!;
      const near = 1e-2;
      const values = Float32Array.of(now - near, now, now + near);
      const [below, here, above] = lossAlong(await model, sample, { layer, index, values });
      const slope = (above! - below!) / (values[2]! - values[0]!);
      expect(slope).toBeCloseTo(numbers.weightGradients[layer]![index]!, 2);
      expect(here).toBeCloseTo(numbers.loss, 4);
    }
  });

  test('a step against it lowers the loss of its image, and the picture shows where weights go', async () => {
    const { before, after, numbers, downhill } = stepByHand(await model, sample)!;
    expect(after.loss).toBeLessThan(before.loss);
    expect(before.probabilities.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
    expect(downhill.links[1]![5 * 10 + 4]).toBeCloseTo(
      -numbers.weightGradients[2]![5 * 10 + 4]!,
      6,
    );
  });

  test('the loss between two places that were looked at is between theirs', () => {
    const curve = { values: Float32Array.of(0, 1, 2), losses: Float32Array.of(4, 2, 6) };
    expect([0, 0.5, 1, 1.75, 2, 9].map((value) => valueAt(curve, value))).toEqual([
      4, 3, 2, 5, 6, 6,
    ]);
  });
});
