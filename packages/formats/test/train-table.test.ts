import {
  type Dataset,
  RECIPES,
  type Recipe,
  range,
  Stream,
  train,
  typescriptBackend,
} from '@bitgrad/core';
import { expect, test } from 'vitest';
import { loadDataset } from '../src/dataset.js';
import { temporaryFile } from './writers.js';

/** Centres of three kinds of flowers, and by how much their measures vary. */
const KINDS = [
  { kind: 'alba', centre: [500, 3.4, 0.015, 0.2], colour: ['white', 'yellow'] },
  { kind: 'rosea', centre: [590, 2.8, 0.043, 1.3], colour: ['pink', 'white'] },
  { kind: 'nigra', centre: [660, 3, 0.055, 2.1], colour: ['black', 'pink'] },
] as const;

/** A table as people have them: measures of different sizes, a colour, and the kind in words. */
function flowers(): string {
  const stream = new Stream(7, 'shuffle', 0);
  const order = range(0, 150);
  stream.shuffle(order);
  const rows = Array.from(order, (index) => {
    const { kind, centre, colour } = KINDS[index % 3]!;
    const measures = centre.map((value, j) => value * (1 + 0.06 * Math.sin(index * (j + 1.7))));
    return [...measures.map((value) => value.toFixed(4)), colour[index % 2], kind].join(',');
  });
  return ['length,width,depth,weight,colour,kind', ...rows].join('\n');
}

function recipeFor({ features, classes }: Dataset): Recipe {
  return {
    ...RECIPES.mnist!,
    layers: [features, 8, classes],
    preprocess: 'none',
    augment: 'none',
    standardize: true,
    split: [0.7, 0, 0.3],
    epochs: 40,
    batchSize: 16,
    learningRate: 0.1,
  };
}

test('a table with text labels trains unprepared', async () => {
  const dataset = await loadDataset(temporaryFile('flowers.csv', flowers()));
  expect(dataset).toMatchObject({ features: 8, classNames: ['alba', 'nigra', 'rosea'] });
  const model = await train({
    backend: typescriptBackend(),
    recipe: recipeFor(dataset),
    dataset,
  });
  expect(model.receipt.testAccuracy).toBeGreaterThan(0.93);
  expect(model.encoding).toMatchObject(dataset.encoding!);
  expect(model.classNames).toEqual(dataset.classNames);
});

test('a table of numbers trains as regression', async () => {
  const rows = Array.from({ length: 200 }, (_, i) => {
    const x = Math.sin(i);
    const y = Math.cos(i * 1.3);
    return `${(1000 * x).toFixed(3)},${y.toFixed(3)},${(2 * x - y).toFixed(4)}`;
  });
  const path = temporaryFile('plane.csv', `x,y,z\n${rows.join('\n')}`);
  const dataset = await loadDataset(path, { task: 'regression' });
  const recipe: Recipe = {
    ...recipeFor(dataset),
    layers: [2, 16, 1],
    loss: 'squared-error',
    learningRate: 0.05,
  };
  const model = await train({ backend: typescriptBackend(), recipe, dataset });
  expect(model.receipt.testLoss).toBeLessThan(0.05);
});
