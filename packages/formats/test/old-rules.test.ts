import { describe, expect, test } from 'vitest';
import { rowsSource } from '../src/memory/rows-source.js';
import type { LoadOptions } from '../src/options.js';
import type { Cell } from '../src/table/cell.js';
import { readTable } from '../src/table/read-table.js';
import { errorOf } from './temporary.js';

type Rows = readonly (readonly Cell[])[];
const count = <Value>(length: number, of: (at: number) => Value): Value[] =>
  Array.from({ length }, (_, at) => of(at));
const rowsIn = (rows: Rows, options: LoadOptions = {}) =>
  readTable('t', { train: [rowsSource(rows, 'file')], test: [] }, { task: 'auto', ...options });

describe('by the rules of 0.1.0', () => {
  const old = (rows: Rows, options: LoadOptions = {}) =>
    rowsIn(rows, { task: 'classification', ...options, rules: 1 });

  test('all columns are features but the label, whatever they hold', async () => {
    const read = await old(
      [
        ['n', 'k', 'day', 'name'],
        [0, 'a', '1970-01-02', 'True'],
        [1, 'b', '1970-01-01', 'TRUE'],
        [2, 'a', '1970-01-02', 'true'],
      ],
      { label: 'k' },
    );
    expect(read.encoding).toEqual({
      columns: [
        { name: 'n', categories: null },
        { name: 'day', categories: ['1970-01-01', '1970-01-02'] },
        { name: 'name', categories: ['TRUE', 'True', 'true'] },
      ],
      label: 'k',
    });
    expect([...read.inputs]).toEqual([0, 0, 1, 0, 1, 0, 1, 1, 0, 1, 0, 0, 2, 0, 1, 0, 0, 1]);
    expect(read.notes).toEqual([]);
  });

  test('the label is the last column, in the spelling of each cell', async () => {
    const read = await old([
      ['x', 'k'],
      [0.5, 'True'],
      [1.5, 'TRUE'],
    ]);
    expect(read.classNames).toEqual(['TRUE', 'True']);
    // Also where it holds nothing, which is an error.
    const { message } = await errorOf(() =>
      old([
        ['x', 'k', 'e'],
        [0.5, 'a', ''],
        [1.5, 'b', ''],
      ]),
    );
    expect(message).toBe(
      'file: row 2, column "e": expected a value in every cell, received an empty cell; 2 cells in 2 rows hold none ("e" 2)',
    );
  });

  test('numbers are not written as people write them', async () => {
    const { encoding } = await old([
      ['x', 'k'],
      ['1,234', 'a'],
      ['$5', 'b'],
    ]);
    expect(encoding!.columns[0]!.categories).toEqual(['$5', '1,234']);
  });

  test('texts among numbers are categories up to 32 different ones, fractions too', async () => {
    const mixed = (different: number) => [
      ['x', 'k'],
      ...count(60, (at) => [(at % different) / 2, 'ab'[at % 2]!]),
      ['none at all', 'a'],
    ];
    const { encoding } = await old(mixed(31));
    expect(encoding!.columns[0]!.categories).toEqual(
      [...count(31, (at) => String(at / 2)), 'none at all'].sort(),
    );
    expect((await errorOf(() => old(mixed(32)))).message).toBe(
      'file: row 62, column "x": expected a number as in 60 other rows, received "none at all"',
    );
    const many = [['x', 'k'], ...count(1500, (at) => [at / 2, 'a']), ['text', 'b']];
    expect((await errorOf(() => old(many))).message).toContain(
      'row 1502, column "x": expected a number as in 1500 other rows, received "text"',
    );
  });

  test('texts are categories up to 1000 different ones', async () => {
    const texts = (different: number) => [
      ['x', 'k'],
      ...count(1001, (at) => [`t${at % different}`, 'ab'[at % 2]!]),
    ];
    expect((await old(texts(1000))).features).toBe(1000);
    expect(await errorOf(() => old(texts(1001)))).toMatchObject({
      message:
        'file: row 2, column "x": expected at most 1000 different texts in a column, received more',
      fix: 'Remove the column if it names or numbers the rows.',
    });
  });

  test('numbers beyond binary32 are refused', async () => {
    const rows = [
      ['x', 'k'],
      [1e39, 'a'],
      [2, 'b'],
    ];
    expect((await errorOf(() => old(rows))).message).toBe(
      'file: row 2, column "x": expected a number that binary32 can hold, received 1e+39',
    );
  });

  test('a first row with a number is one of values', async () => {
    const read = await old([
      ['town', 1990, 2000],
      ['Ulm', 1, 3],
      ['Bonn', 2, 4],
    ]);
    expect(read).toMatchObject({ trainCount: 3, encoding: { label: 'column 3' } });
  });
});
