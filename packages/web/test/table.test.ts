import { readFile } from 'node:fs/promises';
import { decodeModel, train, typescriptBackend } from '@bitgrad/core';
import { readTable, textSource } from '@bitgrad/formats/table';
import { describe, expect, test } from 'vitest';
import { openTableDesk } from '../src/table/table-desk.js';

const FLOWERS = new URL('../../../examples/data/flowers.csv', import.meta.url);

describe('a table of one’s own', () => {
  test('is learned to the bits of the core, asked, and saved', async () => {
    const text = await readFile(FLOWERS, 'utf8');
    const epochs: number[] = [];
    const desk = openTableDesk((event, data) => {
      if (event === 'tableEpoch') epochs.push((data as { epoch: number }).epoch);
    });
    const { columns, sample } = await desk.tableOpen({ text, name: 'flowers.csv' });
    expect(columns).toEqual(['petal length', 'petal width', 'sepal length', 'sepal width', 'kind']);
    expect(sample[0]).toEqual(['1.3', '0.3', '5.0', '3.4', 'daisy']);
    const told = await desk.tableTrain({ label: 'kind' });
    expect(told).toMatchObject({ isRegression: false, classes: 3 });
    expect(told.testAccuracy).toBeGreaterThan(0.8);
    expect(epochs.at(-1)).toBe(told.epochs);
    const row = {
      'petal length': '1.4',
      'petal width': '0.2',
      'sepal length': '5',
      'sepal width': '3',
    };
    expect(await desk.tablePredict({ row })).toMatchObject({ className: 'daisy' });
    await expect(desk.tablePredict({ row: { 'petal length': '1' } })).rejects.toThrow(
      'petal width',
    );
    const { receipt } = await decodeModel(await desk.tableSave(undefined), 'saved');
    const source = { train: [textSource(text, 'flowers.csv')], test: [] };
    const dataset = await readTable('flowers.csv', source, { label: 'kind' });
    const { recipe } = receipt;
    const expected = await train({ recipe, dataset, backend: typescriptBackend() });
    expect(receipt).toEqual(expected.receipt);
  });

  test('that is none is refused in words', async () => {
    const desk = openTableDesk(() => undefined);
    await expect(desk.tableOpen({ text: 'hello', name: 'x.csv' })).rejects.toThrow(
      'x.csv: expected a table of at least two columns',
    );
    await expect(desk.tableTrain({ label: 'a' })).rejects.toThrow('no table');
    await desk.tableOpen({ text: 'a,b\n1,2\n3,4\n', name: 'x.csv' });
    await expect(desk.tableTrain({ label: 'c' })).rejects.toThrow('c');
  });
});
