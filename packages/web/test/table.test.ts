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

  test.each([
    ['lines that end as on Windows', '\ufeffa,b\r\n1,x\r\n2,y\r\n3,x\r\n', ['a', 'b'], ['1', 'x']],
    ['no names', '1,2\n3,4\n5,6\n', ['column 1', 'column 2'], ['1', '2']],
    ['a column without a name', ',b\n1,x\n2,y\n3,x\n', ['column 1', 'b'], ['1', 'x']],
    ['a title above', 'Made by me,\na,b\n1,x\n2,y\n3,x\n', ['a', 'b'], ['1', 'x']],
    ['quotes that hold lines', 'a,b\n"1\n1",x\n"2",y\n"3",x\n', ['a', 'b'], ['1\n1', 'x']],
  ])('with %s has the columns that are learned', async (_, text, names, first) => {
    const desk = openTableDesk(() => undefined);
    const { columns, sample } = await desk.tableOpen({ text, name: 'x.csv' });
    expect([columns, sample[0]]).toEqual([names, first]);
    const told = await desk.tableTrain({ label: columns[1]! });
    expect(told.columns.map(({ name }) => name)).toEqual([names[0]]);
  });

  test('is read in the encodings that programs save', async () => {
    const desk = openTableDesk(() => undefined);
    const text = 'größe;art\r\n1,5;hund\r\n2;katze\r\n';
    const latin = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
    const wide = new Uint8Array(
      Uint16Array.from(`\ufeff${text}`, (one) => one.charCodeAt(0)).buffer,
    );
    for (const bytes of [new TextEncoder().encode(text), latin, wide]) {
      const { columns, sample } = await desk.tableOpen({ text: bytes, name: 'x.csv' });
      expect([columns, sample]).toEqual([
        ['größe', 'art'],
        [
          ['1,5', 'hund'],
          ['2', 'katze'],
        ],
      ]);
    }
  });

  test('that is none is refused in words', async () => {
    const desk = openTableDesk(() => undefined);
    await expect(desk.tableOpen({ text: 'a\nb\nc\n', name: 'x.csv' })).rejects.toThrow(
      'x.csv: expected at least 2 columns',
    );
    await expect(desk.tableOpen({ text: 'a,b\n', name: 'x.csv' })).rejects.toThrow(
      'x.csv: expected rows of values, received none',
    );
    const zip = Uint8Array.of(80, 75, 3, 4, 0, 0);
    await expect(desk.tableOpen({ text: zip, name: 'x.csv' })).rejects.toThrow('expected text in');
    await expect(desk.tableTrain({ label: 'a' })).rejects.toThrow('no table');
    await desk.tableOpen({ text: 'a,b\n1,2\n3,4\n', name: 'x.csv' });
    await expect(desk.tableTrain({ label: 'c' })).rejects.toThrow('c');
  });
});
