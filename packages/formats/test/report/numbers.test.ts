import { recipeFor, splitDataset, train, typescriptBackend } from '@bitgrad/core';
import { expect, test } from 'vitest';
import { rowsSource } from '../../src/memory/rows-source.js';
import { htmlReport } from '../../src/report/html.js';
import { permutationImportance } from '../../src/report/importance.js';
import { numberResults } from '../../src/report/number-results.js';
import { svgReport } from '../../src/report/svg.js';
import { readTable } from '../../src/table/read-table.js';

const backend = typescriptBackend();

/** Rows of which `price` follows the size, `rent` the town, and nothing the noise. */
const ROWS = Array.from({ length: 200 }, (_, index) => {
  const size = ((index * 7919) % 200) / 10;
  const town = ['Ulm', 'Bonn', 'Kiel'][(index * 31) % 3]!;
  const rent = { Ulm: 1, Bonn: 5, Kiel: 9 }[town]!;
  return {
    size,
    town,
    noise: (index * 104_729) % 97,
    price: 1_000_000 + 3 * size,
    rent,
    'a<b>': 1,
  };
});

async function trained(label: string) {
  const dataset = await readTable(
    'rows',
    { train: [rowsSource(ROWS, 'rows')], test: [] },
    {
      label,
      task: 'auto',
      drop: ['a<b>', ...(label === 'town' ? ['rent'] : [])],
    },
  );
  const recipe = recipeFor(dataset, { epochs: 60, patience: null, learningRate: 0.01 });
  const model = await train({ recipe, dataset, backend });
  const { test: indices } = splitDataset(dataset, recipe);
  return { dataset, model, indices };
}

test('what the score loses names the columns that tell the answer, for each target', async () => {
  const { dataset, model, indices } = await trained('price,rent');
  const importance = await permutationImportance(model, dataset, indices, backend);
  expect(importance).toMatchObject({ measure: 'R²', targets: ['price', 'rent'] });
  const of = Object.fromEntries(importance!.columns.map((column) => [column.name, column]));
  expect(Object.keys(of).sort()).toEqual(['noise', 'size', 'town']);
  // Shuffled, a column that tells all costs about 2 of R²: 1 for the mean, 1 for being wrong.
  expect(of.size!.targets[0]).toBeGreaterThan(1);
  expect(Math.abs(of.size!.targets[1]!)).toBeLessThan(0.2);
  expect(of.town!.targets[1]).toBeGreaterThan(1);
  expect(Math.abs(of.town!.targets[0]!)).toBeLessThan(0.2);
  expect(Math.abs(of.noise!.drop)).toBeLessThan(0.1);
  expect(importance!.columns.at(-1)!.name).toBe('noise');
  expect(await permutationImportance(model, dataset, indices, backend)).toEqual(importance);
});

test.each([htmlReport, svgReport])(
  'a report of numbers shows them beside the true ones',
  async (write) => {
    const { dataset, model, indices } = await trained('price,rent');
    const numbers = await numberResults(model, dataset, indices, backend);
    expect(numbers.map(({ name }) => name)).toEqual(['price', 'rent']);
    const prices = [...indices].map((index) => Math.fround(ROWS[index]!.price));
    expect([...numbers[0]!.truth]).toEqual(prices);
    const { receipt, encoding } = model;
    const importance = await permutationImportance(model, dataset, indices, backend);
    const text = write({
      ...{ receipt, encoding, numbers, importance },
      ...{ epochs: [], evaluation: null, worst: [], classNames: null },
    });
    for (const shown of [
      'R² on 30 test samples',
      'always the mean',
      'Predicted against true price',
      'Residuals of rent',
      'Importance of the columns',
    ]) {
      expect(text).toContain(shown);
    }
    expect(text.match(/<circle /g)).toHaveLength(4 * indices.length);
    expect(text).not.toMatch(/NaN|undefined|Infinity/);
  },
);

test('classes lose accuracy; images have no columns', async () => {
  const { dataset, model, indices } = await trained('town');
  const importance = await permutationImportance(model, dataset, indices, backend);
  expect(importance).toMatchObject({ measure: 'accuracy', targets: [] });
  expect(await numberResults(model, dataset, indices, backend)).toEqual([]);
  const image = { ...dataset, image: { height: 1, width: dataset.features } };
  expect(await permutationImportance(model, image, indices, backend)).toBeNull();
});
