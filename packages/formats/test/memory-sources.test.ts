import { BitgradError, trimmed } from '@bitgrad/core';
import { describe, expect, test } from 'vitest';
import { fileTree } from '../src/memory/file-tree.js';
import { beginningOf, type Row, rowsSource, textSource } from '../src/memory/index.js';
import type { TableSource } from '../src/table/source.js';
import { errorOf } from './temporary.js';

/** All rows of a source, each behind its line. */
async function read(source: TableSource): Promise<unknown[][]> {
  const rows: unknown[][] = [];
  await source.scan((cells, line) => rows.push([line, ...cells.map(trimmed)]), '.');
  return rows;
}
const count = <Value>(length: number, of: (at: number) => Value): Value[] =>
  Array.from({ length }, (_, at) => of(at));

describe('rows in memory', () => {
  test('of arrays are as they are', async () => {
    const source = rowsSource(
      [
        ['x', 'k'],
        [1, 'a'],
        [2n, null],
        [true, undefined],
      ],
      'rows',
    );
    expect(source).toMatchObject({ fileName: 'rows', names: null, unit: 'row' });
    expect(await read(source)).toEqual([
      [1, 'x', 'k'],
      [2, 1, 'a'],
      [3, 2, null],
      [4, 'true', null],
    ]);
  });

  test('of objects have the keys of all as columns, in their order', async () => {
    const source = rowsSource([{ a: 1, b: 'x' }, { c: 3, a: 2 }, {}], 'rows');
    expect(source.names).toEqual(['a', 'b', 'c']);
    expect(await read(source)).toEqual([
      [1, 1, 'x', null],
      [2, 2, null, 3],
      [3, null, null, null],
    ]);
  });

  test('have no cells that every object inherits', async () => {
    const named = rowsSource([{ constructor: 'x', toString: 1 }, { a: 1 }], 'rows');
    expect(await read(named)).toEqual([
      [1, 'x', 1, null],
      [2, null, null, 1],
    ]);
    const bare = Object.assign(Object.create(null), { a: 5 });
    expect(await read(rowsSource([bare], 'rows'))).toEqual([[1, 5]]);
  });

  test('hold dates as ISO writes them, and nothing for one that is invalid', async () => {
    const rows = [
      [new Date(0), new Date(Number.NaN)],
      [new Date(1500), new Date(86_400_000)],
    ];
    expect(await read(rowsSource(rows, 'rows'))).toEqual([
      [1, '1970-01-01', null],
      [2, '1970-01-01T00:00:01.500Z', '1970-01-02'],
    ]);
  });

  test('with objects in them have their members as columns', async () => {
    const rows = [
      { id: 1, at: null, k: 'a' },
      { id: 2, at: { x: 5, y: { z: 6 } }, k: 'b' },
      { id: 3, k: 'c', more: { w: 1 } },
    ];
    const source = rowsSource(rows, 'rows');
    expect(source.names).toEqual(['id', 'at', 'at.x', 'at.y.z', 'k', 'more.w']);
    expect(await read(source)).toEqual([
      [1, 1, null, null, null, 'a', null],
      [2, 2, null, 5, 6, 'b', null],
      [3, 3, null, null, null, 'c', 1],
    ]);
    expect(source.unread!.size).toBe(0);
  });

  test('with objects in them have columns where their first key stands', () => {
    const rows = [
      { a: { b: 1 }, k: 'x' },
      { k: 'y', 'a.b': 2 },
    ];
    expect(rowsSource(rows, 'rows').names).toEqual(['a.b', 'k']);
    const late = [{ k: 'x' }, { a: { c: 1 }, k: 'y' }, { a: { b: 1, c: 2 }, z: 3 }];
    expect(rowsSource(late, 'rows').names).toEqual(['k', 'a.c', 'a.b', 'z']);
  });

  test('with lists in them name the columns, and the first list of each', async () => {
    const rows = [
      { a: 1, l: [1, 2], in: { m: null } },
      { a: 2, l: [3], in: { m: ['x'] } },
    ];
    const source = rowsSource(rows, 'rows');
    expect([...source.unread!]).toEqual([
      ['l', '[1,2]'],
      ['in.m', '["x"]'],
    ]);
    expect(await read(source)).toEqual([
      [1, 1, null, null],
      [2, 2, null, null],
    ]);
  });

  test.each<[string, readonly unknown[], string]>([
    [
      'a text',
      [{ a: 1 }, 'x'],
      'row 2: expected an object with a value for each column, received "x"',
    ],
    ['nothing', [null], 'row 1: expected an object with a value for each column, received null'],
    [
      'an array',
      [{ a: 1 }, [1]],
      'row 2: expected an object with a value for each column, received [1]',
    ],
    [
      'an object',
      [[1], { a: 1 }],
      'row 2: expected an array, as the first row is, received {"a":1}',
    ],
    [
      'two values of a name',
      [{ 'b.c': 1, b: { c: 2 } }],
      'row 1: expected one column "b.c", received several',
    ],
  ])('are not %s', async (_, rows, message) => {
    const error = await errorOf(() => rowsSource(rows as Row[], 'rows'));
    expect(error.message).toBe(`rows: ${message}`);
  });

  test('are objects in objects, 32 deep and no more', async () => {
    const nested = (depth: number) => {
      let value: object = { end: 1 };
      for (let at = 1; at < depth; at += 1) value = { in: value };
      return { a: value };
    };
    expect(rowsSource([nested(32)], 'rows').names![0]).toMatch(/^a\.(in\.){31}end$/);
    expect((await errorOf(() => rowsSource([nested(33)], 'rows'))).message).toMatch(
      /^rows: row 1, column "a(\.in)+.*": expected objects in at most 32 others, received more$/,
    );
  });

  test('hold no functions, nor objects of a class', async () => {
    const cell = (value: unknown, isNamed: boolean) =>
      read(rowsSource(isNamed ? [{ a: 1 }, { a: value }] : [[1], [value]], 'rows'));
    expect((await errorOf(() => cell(() => 1, true))).message).toContain(
      'rows: row 2, column "a": expected a number or a text, received',
    );
    expect((await errorOf(() => cell(new Map(), false))).message).toContain(
      'rows: row 2, cell 1: expected a number or a text, received',
    );
    expect((await errorOf(() => cell(new BitgradError('x'), true))).fix).toContain(
      'cells of their own',
    );
  });

  test('lack no more cells than a computer can hold', async () => {
    const rows = count(11_600, (at) => ({ [`k${at}`]: 1 }));
    const { message } = await errorOf(() => rowsSource(rows, 'rows'));
    expect(message).toContain('received 11600 rows of 11600 columns that lack 134548400');
  });
});

test('many rows let others on the event loop go on meanwhile', async () => {
  let turns = 0;
  let isRead = false;
  const count = (): void => {
    turns += 1;
    if (!isRead) setImmediate(count);
  };
  setImmediate(count);
  const rows = await read(
    rowsSource(
      Array.from({ length: 3000 }, (_, at) => [at]),
      'rows',
    ),
  );
  isRead = true;
  expect(rows[2999]).toEqual([3000, 2999]);
  // Once before each 1024.
  expect(turns).toBeGreaterThan(1);
});

describe('the beginning of a table', () => {
  test('is its names and first rows', async () => {
    const source = rowsSource(
      [
        ['Our table', ''],
        ['x', 'k'],
        [1, ' a '],
        [2, null],
        [3, 'b'],
      ],
      'rows',
    );
    expect(await beginningOf(source, 2)).toEqual({
      names: ['x', 'k'],
      sample: [
        ['1', 'a'],
        ['2', ''],
      ],
    });
    expect((await beginningOf(source, 9)).sample).toHaveLength(3);
    const named = rowsSource(
      [
        { x: 1, k: 'a' },
        { x: 2, k: 'b' },
      ],
      'rows',
    );
    expect(await beginningOf(named, 1)).toEqual({ names: ['x', 'k'], sample: [['1', 'a']] });
    const bare = textSource('1,a\n2,b\n3,a\n', 'text');
    expect(await beginningOf(bare, 2)).toEqual({
      names: ['column 1', 'column 2'],
      sample: [
        ['1', 'a'],
        ['2', 'b'],
      ],
    });
  });

  test('is found below many titles', async () => {
    const titles = count(98, (at) => [`title ${at}`, '']);
    const rows = count(9, (at) => [at, 'ab'[at % 2]!]);
    const source = rowsSource([...titles, ['x', 'k'], ...rows], 'rows');
    expect(await beginningOf(source, 5)).toEqual({
      names: ['x', 'k'],
      sample: rows.slice(0, 5).map((row) => row.map(String)),
    });
  });

  test('says what is wrong with the rest', async () => {
    const source = textSource('x,k\n1,a\n2\n', 'text');
    expect((await errorOf(() => beginningOf(source, 1))).message).toBe(
      'text: line 3: expected 2 cells as in the first row, received 1',
    );
  });
});

describe('files at hand', () => {
  const file = (path: string) => ({ path, read: async () => Buffer.from(path) });
  const tree = fileTree(
    ['pets/dog/b.png', 'pets/dog/a.png', 'pets/cat/1.png', 'pets/z.txt', 'pets/a.txt']
      .map(file)
      .concat(['pets/.hidden', 'pets/.git/x', 'petshop/cat/9.png', 'pets/cat/.x'].map(file)),
  );

  test('are folders by their paths', async () => {
    expect(await tree.list('pets')).toEqual({ folders: ['cat', 'dog'], files: ['a.txt', 'z.txt'] });
    expect(await tree.list('pets/dog')).toEqual({ folders: [], files: ['a.png', 'b.png'] });
    expect(await tree.list('pets/cat')).toEqual({ folders: [], files: ['1.png'] });
    expect(await tree.list('pet')).toEqual({ folders: [], files: [] });
    expect(tree.join('pets', 'cat')).toBe('pets/cat');
    expect(Buffer.from(await tree.read('pets/cat/1.png')).toString()).toBe('pets/cat/1.png');
  });
});
