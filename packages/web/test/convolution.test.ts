import { parseLayers, type Recipe, train, typescriptBackend } from '@bitgrad/core';
import { describe, expect, test } from 'vitest';
import { mapOf, saidBy } from '../src/parts/maps.js';
import { recipeProblem } from '../src/state/settings.js';
import { sayUnit } from '../src/views/train/net/say-unit.js';
import { fieldAt, placeUnder, productsAt } from '../src/views/train/neuron/kernel-field.js';
import { paintedTile } from '../src/views/train/neuron/painted-tile.js';
import { evidenceFor, journeyOf } from '../src/views/understand/journey.js';
import { findAsleep } from '../src/worker/asleep.js';
import { findExciting } from '../src/worker/exciting.js';
import { lossAlong, stepByHand } from '../src/worker/hand.js';
import { pictureOf } from '../src/worker/picture.js';
import { touched, UNTOUCHED } from '../src/worker/touch.js';
import { traceSample } from '../src/worker/trace.js';
import { twistedStart } from '../src/worker/twist.js';
import { SMALL_RECIPE, smallDataset } from './small-data.js';

const backend = typescriptBackend();
const dataset = smallDataset();
const recipeOf = (layers: string): Recipe => ({
  ...SMALL_RECIPE,
  layers: parseLayers(layers),
  epochs: 1,
});
const trained = (layers: string) => train({ recipe: recipeOf(layers), dataset, backend });
const flat = trained('28x28,conv4:3/2,pool,conv6,10');
const pooled = trained('28x28,conv4:5/2,norm,pool,drop:0.1,conv6,norm,gap,10');
const pixels = dataset.inputs.subarray(0, 784) as Uint8Array;
const sample = { pixels, label: dataset.labels[0]! };
const LARGEST = 1e-3;

describe('a convolution on the stage', () => {
  test('has filters of their own size, maps, and lines that are sums', async () => {
    const { recipe, parameters } = await flat;
    const { images, height, width, layers, links, window } = pictureOf(recipe, parameters);
    expect([height, width]).toEqual([3, 3]);
    expect(layers.map(({ units, isConv }) => [units, isConv])).toEqual([
      [4, true],
      [6, true],
      [10, false],
    ]);
    expect(images[2 * 9 + 5]).toBe(parameters[5 * 4 + 2]);
    expect(window).toMatchObject({ outHeight: 14, strideVertical: 2 });
    const second = 9 * 4 + 4;
    let sum = 0;
    for (let place = 0; place < 9; place += 1) sum += parameters[second + (place * 4 + 1) * 6 + 5]!;
    expect(links[0]![1 * 6 + 5]).toBeCloseTo(sum, 5);
    const third = second + 9 * 4 * 6 + 6;
    let last = 0;
    for (let place = 0; place < 49; place += 1)
      last += parameters[third + (place * 6 + 5) * 10 + 7]!;
    expect(links[1]![5 * 10 + 7]).toBeCloseTo(last, 5);
    expect(
      sayUnit(
        { layer: 0, unit: 1 },
        {
          picture: pictureOf(recipe, parameters),
          trace: traceSample(await flat, pixels),
          asleep: [],
        },
      ),
    ).toMatch(/^Filter 1 speaks most for filter \d .+ Where it finds most in this image/);
  });

  test.each([
    ['flat', flat],
    ['with norms and a mean at the end', pooled],
  ])('%s: what it says is what came of its parts', async (_, model) => {
    const trace = traceSample(await model, pixels);
    const map = mapOf(trace, 1, 2)!;
    expect([map.height, map.width]).toEqual([14, 14]);
    expect(saidBy(trace, 1)[2]).toBe(map.values.reduce((a, b) => Math.max(a, b)));
    const journey = journeyOf(trace, await model);
    const { contributions, bias, sum } = evidenceFor(journey, journey.answer);
    const total = contributions.reduce((all, { product }) => all + product, bias);
    expect(total).toBeCloseTo(sum, 3);
    expect(trace.probabilities.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
  });

  test('the products under a filter add up to what it says, before ReLU', async () => {
    const model = await flat;
    const picture = pictureOf(model.recipe, model.parameters);
    const window = picture.window!;
    const trace = traceSample(model, pixels);
    const input = { values: trace.activations[0]!, height: 28, width: 28 };
    for (const unit of [0, 3]) {
      const kernel = {
        values: picture.images.subarray(unit * 9, (unit + 1) * 9),
        height: 3,
        width: 3,
      };
      const map = mapOf(trace, 1, unit)!;
      const bias = model.parameters[36 + unit]!;
      for (const [column, row] of [
        [0, 0],
        [13, 13],
        [5, 8],
      ] as const) {
        const products = productsAt(input, kernel, window, column, row);
        const sum = products.reduce((a, b) => a + b, bias);
        expect(map.values[row * 14 + column]).toBeCloseTo(Math.max(0, sum), 4);
      }
    }
    expect(placeUnder(window, 28, 28)).toEqual([13, 13]);
    expect(placeUnder(window, 11.5, 17.5)).toEqual([5, 8]);
    expect(fieldAt(window, 5, 8)).toMatchObject({ left: `${(100 * 10) / 28}%` });
  });

  test('a filter is excited, switched off and painted', async () => {
    const model = await flat;
    const { images, values, labels } = findExciting(model, dataset, { layer: 1, unit: 4 });
    for (const [at, value] of values.entries()) {
      const image = images.subarray(at * 784, (at + 1) * 784);
      expect(saidBy(traceSample(model, image), 2)[4]).toBe(value);
    }
    expect(images).toHaveLength(784 * labels.length);
    // Filters whose results count for nothing might as well say nothing.
    const off = touched(model, {
      ...UNTOUCHED,
      off: [0, 1, 2, 3, 4, 5].map((unit) => ({ layer: 1, unit })),
    });
    const said = traceSample(off, pixels).activations.at(-1)!;
    expect([...said]).toEqual([...model.parameters.subarray(-10)]);
    const painted = touched(model, {
      ...UNTOUCHED,
      painted: [{ unit: 1, values: new Float32Array(9).fill(1) }],
    });
    expect(pictureOf(model.recipe, painted.parameters).images.subarray(9, 18)).toEqual(
      new Float32Array(9).fill(1),
    );
    const tile = { values: new Float32Array(9), height: 3, width: 3 };
    expect([...paintedTile(tile, 1.5, 2.5, 4)]).toEqual([0, 0, 0, 0, 0, 0, 0, 4, 0]);
    const asleep = findAsleep(model, dataset);
    expect(asleep.map(({ length }) => length)).toEqual([4, 6]);
  });

  test('back-propagation by hand goes down the slope; a norm has none for one image', async () => {
    const model = await flat;
    const { numbers, before, after } = stepByHand(model, sample)!;
    expect(after.loss).toBeLessThan(before.loss);
    expect(before.loss).toBeCloseTo(numbers.loss, 4);
    for (const layer of [0, 1, 2]) {
      const gradients = numbers.weightGradients[layer]!;
      const index = gradients.reduce(
        (best, value, at) => (Math.abs(value) > Math.abs(gradients[best]!) ? at : best),
        0,
      );
      const now = numbers.weights[layer]![index]!;
      const values = Float32Array.of(now - LARGEST, now + LARGEST);
      const [below, above] = lossAlong(model, sample, { layer, index, values });
      const slope = (above! - below!) / (values[1]! - values[0]!);
      expect(slope / gradients[index]!).toBeCloseTo(1, 0);
    }
    expect(stepByHand(await pooled, sample)).toBeNull();
  });

  test('weights that begin equal leave a norm as it begins', () => {
    const { recipe, parameters } = twistedStart(
      recipeOf('28x28,conv2,norm,gap,10'),
      'equal-weights',
    )!;
    expect(recipe.layers).toHaveLength(5);
    expect([...parameters.subarray(0, 18)].every((value) => value === Math.fround(0.05))).toBe(
      true,
    );
    expect([...parameters.subarray(18, 26)]).toEqual([1, 1, 0, 0, 0, 0, 1, 1]);
  });

  test('is a recipe for digits where it takes them and ends in ten outputs', () => {
    expect(recipeProblem(recipeOf('28x28,conv8:5/2,norm,pool,conv16,norm,gap,10'))).toBeNull();
    expect(recipeProblem(recipeOf('28x28,pool,conv8,gap,10'))).toBeNull();
    expect(recipeProblem(recipeOf('784,64,norm,10'))).toBeNull();
    for (const wrong of ['32x32,conv8,gap,10', '14x56,conv8,gap,10', '28x28,conv10,gap', '28x28,5'])
      expect(recipeProblem(recipeOf(wrong))?.field, wrong).toBe('layers');
  });
});
