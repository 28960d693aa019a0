import { evaluate, range, train, typescriptBackend } from '@bitgrad/core';
import { describe, expect, test } from 'vitest';
import {
  commonestMistake,
  countConfusion,
  rowsOfCell,
  worstRows,
} from '../src/views/understand/confusion.js';
import { evidenceFor, journeyOf } from '../src/views/understand/journey.js';
import { Look } from '../src/worker/look.js';
import { pictureOf } from '../src/worker/picture.js';
import { traceSample } from '../src/worker/trace.js';
import { SMALL_RECIPE, smallDataset } from './small-data.js';

const backend = typescriptBackend();
const dataset = smallDataset();
const trained = train({ recipe: { ...SMALL_RECIPE, epochs: 1 }, dataset, backend });

describe('a look at the test samples', () => {
  test('finds what the core finds', async () => {
    const model = await trained;
    const look = new Look(backend, model.recipe, dataset);
    const found = look.at(model.parameters);
    const expected = await evaluate(model, dataset, range(300, 100), backend);
    expect(found).toMatchObject({ accuracy: expected.accuracy, loss: expected.loss });
    expect(countConfusion(found)).toEqual(expected.confusion);
    look.close();
  });

  test('sorts its mistakes, the worst first', async () => {
    const model = await trained;
    const look = new Look(backend, model.recipe, dataset);
    const found = look.at(model.parameters);
    look.close();
    const worst = worstRows(found, 1000);
    expect(worst.every((row) => found.labels[row] !== found.predicted[row])).toBe(true);
    const losses = worst.map((row) => found.losses[row]!);
    expect(losses).toEqual([...losses].sort((a, b) => b - a));
    const counts = countConfusion(found);
    expect(rowsOfCell(found, 3, 3, 1000)).toHaveLength(counts[3]![3]!);
  });

  test('begins with the digits that are confused most often', () => {
    const counts: number[][] = Array.from({ length: 10 }, (_, label) =>
      Array.from({ length: 10 }, (_, said) => (label === said ? 100 : 0)),
    );
    counts[4]![9] = 12;
    counts[9]![4] = 11;
    expect(commonestMistake(counts)).toEqual([4, 9]);
  });
});

describe('one sample', () => {
  test('its evidence adds up to the output', async () => {
    const model = await trained;
    const pixels = dataset.inputs.subarray(0, 784) as Uint8Array;
    const journey = journeyOf(traceSample(model, pixels), model);
    expect(journey.trace.activations[0]).toEqual(Float32Array.from(pixels));
    expect(journey.trace.activations.map(({ length }) => length)).toEqual([784, 12, 10]);
    const { contributions, bias, sum } = evidenceFor(journey, journey.answer);
    const total = contributions.reduce((all, { value, weight }) => all + value * weight, bias);
    expect(total).toBeCloseTo(sum, 4);
  });

  test('a unit has the image of its own weights', async () => {
    const { recipe, parameters } = await trained;
    const { images, layers, links } = pictureOf(recipe, parameters);
    expect(layers).toEqual([
      { units: 12, shown: 12, isConv: false },
      { units: 10, shown: 10, isConv: false },
    ]);
    expect(images[5 * 784 + 100]).toBe(parameters[100 * 12 + 5]);
    expect(links[0]![5 * 10 + 3]).toBe(parameters[784 * 12 + 12 + 5 * 10 + 3]);
  });
});
