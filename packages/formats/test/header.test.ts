import { describe, expect, test } from 'vitest';
import { rowsSource } from '../src/memory/rows-source.js';
import type { LoadOptions } from '../src/options.js';
import type { Cell } from '../src/table/cell.js';
import { readTable } from '../src/table/read-table.js';
import { storeTable } from '../src/table/table-store.js';
import { errorOf } from './temporary.js';

type Rows = readonly (readonly Cell[])[];
const rowsIn = (rows: Rows, options: LoadOptions = {}) =>
  readTable('t', { train: [rowsSource(rows, 'file')], test: [] }, { task: 'auto', ...options });

describe('the names of columns', () => {
  const namesOf = async (first: readonly Cell[], options: LoadOptions = {}) => {
    const rows = [first, [1, 2.5, 'a'], [2, 1.5, 'b']];
    const { encoding } = await rowsIn(rows, { header: true, keepIds: true, ...options });
    return [...encoding!.columns.map(({ name }) => name), encoding!.label];
  };

  test.each<[string, Cell[], string[]]>([
    ['texts', ['x', 'NA', '?'], ['x', 'NA', '?']],
    ['numbers', [1990, 0.5, 3], ['1990', '0.5', '3']],
    ['nothing', ['', null, NaN], ['column 1', 'column 2', 'column 3']],
  ])('are %s', async (_, first, names) => {
    expect(await namesOf(first)).toEqual(names);
  });

  test('differ', async () => {
    expect((await errorOf(() => namesOf(['column 2', '', 'k']))).message).toBe(
      'file: expected a different name for each column, received "column 2" for columns 1 and 2',
    );
  });

  test.each<[string, Rows, boolean]>([
    [
      'nothing but an empty column below',
      [
        ['u', 'e', 'k'],
        ['u', '', 'a'],
        ['v', '', 'b'],
      ],
      false,
    ],
    [
      'a number that only one row has above texts',
      [
        [2019, 'k'],
        ['u', 'a'],
        ['v', 'b'],
      ],
      true,
    ],
    [
      'a number above one text',
      [
        [2019, 'k'],
        ['u', 'a'],
      ],
      false,
    ],
    [
      'a number above numbers and texts',
      [
        [2019, 'k'],
        [5, 'a'],
        ['v', 'b'],
      ],
      false,
    ],
    [
      'a text above numbers',
      [
        ['x', 5, 'k'],
        [1, 6, 'a'],
        [2, 7, 'b'],
      ],
      true,
    ],
    [
      'nothing above numbers',
      [
        ['?', 5, 'k'],
        [1, 6, 'a'],
        [2, 7, 'b'],
      ],
      false,
    ],
    [
      'a date above numbers',
      [
        ['1970-01-01', 5, 'k'],
        [1, 6, 'a'],
        [2, 7, 'b'],
      ],
      true,
    ],
    [
      'the years 1800 and 2199',
      [
        ['town', 1800, 2199],
        ['Ulm', 1.5, 3],
        ['Bonn', 2.5, 4],
      ],
      true,
    ],
    [
      'the years 1799 and 1800',
      [
        ['town', 1799, 1800],
        ['Ulm', 1.5, 3],
        ['Bonn', 2.5, 4],
      ],
      false,
    ],
    [
      'the years 1800 and 2200',
      [
        ['town', 1800, 2200],
        ['Ulm', 1.5, 3],
        ['Bonn', 2.5, 4],
      ],
      false,
    ],
    [
      'numbers that go down',
      [
        ['t', 9, 6, 3],
        ['u', 1.5, 3, 'a'],
        ['v', 2.5, 4, 'b'],
      ],
      true,
    ],
    [
      'numbers that jump',
      [
        ['t', 1, 2, 4],
        ['u', 1.5, 3, 7],
        ['v', 2.5, 4, 8],
      ],
      false,
    ],
    [
      'three times one number',
      [
        ['t', 5, 5, 5],
        ['u', 1.5, 3, 7],
        ['v', 2.5, 4, 8],
      ],
      false,
    ],
    [
      'numbers alone that follow each other',
      [
        [1, 2, 3],
        [1.5, 3, 7],
        [2.5, 4, 8],
      ],
      false,
    ],
    [
      'a number beyond 2^53',
      [
        [2 ** 53, 'k'],
        ['u', 'a'],
        ['v', 'b'],
      ],
      false,
    ],
    [
      'one number beside texts that come again',
      [
        ['u', 1990, 'k'],
        ['u', 1, 'a'],
        ['v', 2, 'b'],
      ],
      false,
    ],
  ])('may be told by %s', async (_, rows, isHeader) => {
    const parts = { train: [rowsSource(rows, 'file')], test: [] };
    const { names, trainCount } = await storeTable(parts, {}, 2, undefined);
    expect(trainCount).toBe(rows.length - Number(isHeader));
    expect(names).toEqual(
      rows[0]!.map((cell, at) => (isHeader ? String(cell) : `column ${at + 1}`)),
    );
  });
});
