import type { ColumnEncoding, Dataset } from '@bitgrad/core';
import { describe, expect, test } from 'vitest';
import { rowsSource } from '../src/memory/rows-source.js';
import type { LoadOptions } from '../src/options.js';
import type { Cell } from '../src/table/cell.js';
import { choicesIn, chooseColumns, namesColumn } from '../src/table/choose.js';
import { readTable } from '../src/table/read-table.js';
import type { TableSource } from '../src/table/source.js';
import { errorOf } from './temporary.js';

type Columns = Readonly<Record<string, readonly Cell[]>>;

/** A table by its columns, which all are as long as the first. */
function sourceOf(columns: Columns, name = 'file', more: Partial<TableSource> = {}): TableSource {
  const length = Object.values(columns)[0]!.length;
  const rows = Array.from({ length }, (_, row) =>
    Object.fromEntries(Object.entries(columns).map(([key, cells]) => [key, cells[row]])),
  );
  return { ...rowsSource(rows, name), ...more };
}

const load = (columns: Columns, options: LoadOptions = {}, more: Partial<TableSource> = {}) =>
  readTable(
    'table',
    { train: [sourceOf(columns, 'file', more)], test: [] },
    { task: 'auto', ...options },
  );
const LABEL: Columns = { k: ['a', 'b', 'a', 'b'] };
const labelOf = (length: number): Columns => ({
  k: Array.from({ length }, (_, at) => 'ab'[at % 2]!),
});
const count = <Value>(length: number, of: (at: number) => Value): Value[] =>
  Array.from({ length }, (_, at) => of(at));

/** How a column is encoded, beside a label, and the notes on it. */
async function encoded(cells: readonly Cell[], options: LoadOptions = {}) {
  const { encoding, notes, inputs, features } = await load(
    { x: cells, ...labelOf(cells.length) },
    { keepIds: true, ...options },
  );
  return { column: encoding!.columns[0]!, notes: notes ?? [], inputs: [...inputs], features };
}

describe('a column becomes', () => {
  test.each<[string, Cell[], ColumnEncoding, number[]]>([
    ['a number', [1.5, '2', -3, 4], { name: 'x', categories: null }, [1.5, 2, -3, 4]],
    [
      'a number with a mark where it is missing',
      [1, null, 3, ''],
      { name: 'x', categories: null, missing: true },
      [1, 0, NaN, 1, 3, 0, NaN, 1],
    ],
    [
      'categories in their order',
      ['b', 'a', 'b', 'c'],
      { name: 'x', categories: ['a', 'b', 'c'] },
      [0, 1, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1],
    ],
    [
      'categories with a mark',
      ['b', '', 'a', 'b'],
      { name: 'x', categories: ['a', 'b'], missing: true },
      [0, 1, 0, 0, 0, 1, 1, 0, 0, 0, 1, 0],
    ],
    [
      'two categories of one word',
      ['True', 'false', 'TRUE', 'False'],
      { name: 'x', categories: ['false', 'true'] },
      [0, 1, 1, 0, 0, 1, 1, 0],
    ],
    [
      'days',
      ['1970-01-02', '1970-02-01', '1970-01-01', '1970-01-02'],
      { name: 'x', categories: null, date: { unit: 'days', parts: ['month', 'weekday'] } },
      [1, 1, 4, 31, 2, 6, 0, 1, 3, 1, 1, 4],
    ],
    [
      'days without what never changes',
      ['1970-01-02', '1970-01-09', '1970-01-02', '1970-01-02'],
      { name: 'x', categories: null, date: { unit: 'days', parts: [] } },
      [1, 8, 1, 1],
    ],
    [
      'moments',
      ['1970-01-01T01:00:00Z', '1970-01-01', '1970-01-01', '1970-01-01'],
      { name: 'x', categories: null, date: { unit: 'seconds', parts: ['hour'] } },
      [3600, 1, 0, 0, 0, 0, 0, 0],
    ],
    [
      'signs',
      ['+', '-', '-', '+'],
      { name: 'x', categories: ['+', '-'] },
      [1, 0, 0, 1, 0, 1, 1, 0],
    ],
    [
      'as many numbers as texts',
      [1, 2, 'a', 'b'],
      { name: 'x', categories: ['1', '2', 'a', 'b'] },
      [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
    ],
    [
      'more whole numbers than texts',
      [1, 2, 1, 'a'],
      { name: 'x', categories: ['1', '2', 'a'] },
      [1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 1],
    ],
  ])('%s', async (_, cells, column, inputs) => {
    const read = await encoded(cells);
    expect(read.column).toEqual(column);
    expect(read.inputs).toEqual(inputs);
  });

  test.each<[string, Cell[], string | null]>([
    [
      'dates',
      ['1970-01-02', '1970-02-01', '1970-01-01', '1970-01-02'],
      'column x holds dates, which become days, month, weekday',
    ],
    [
      'times of day',
      ['1970-01-01T23:00:00Z', '1970-01-01'],
      'column x holds times of day, which become seconds, hour',
    ],
    [
      'moments',
      ['1970-01-02T00:00:00.000Z', '1970-01-01T00:00:01Z'],
      'column x holds dates, which become seconds, weekday',
    ],
    [
      'moments before',
      ['1969-12-31T23:00:00Z', '1970-01-01'],
      'column x holds dates, which become seconds, month, weekday, hour',
    ],
    [
      'numbers but for a text',
      [1, 2, 1, 'a'],
      'column x holds numbers but for "a" (row 4): its 3 different cells are categories',
    ],
    [
      'numbers but for a date',
      [1, 2, 1, '1970-01-02'],
      'column x holds numbers but for "1970-01-02" (row 4): its 3 different cells are categories',
    ],
    [
      'dates but for a text',
      ['1970-01-02', '1970-01-01', 'soon'],
      'column x holds dates but for "soon" (row 3): they are categories',
    ],
    ['as many dates as texts', ['1970-01-02', 'soon'], null],
    [
      'codes',
      ['01', '2', '03'],
      'column x holds numbers with zeros before them, such as 01, and is read as numbers: --categorical makes codes categories',
    ],
    [
      'several currencies',
      ['$ 5', '€ 6'],
      'column x holds several currencies ($, €): the numbers alone are read',
    ],
    ['one currency', ['$ 5', '$ 6'], null],
    [
      'numbers that are days',
      [20240229, 19991231],
      'column x holds numbers that look like dates, such as 20240229, and is read as numbers: written as 2024-02-29 they are dates',
    ],
    ['numbers of which one is no day', [20240229, 20240230], null],
    ['numbers of another century', [21000101, 21000102], null],
    ['one number that is a day', [20240229, 20240229], null],
    [
      'texts that look like numbers',
      ['5 kg', '6 kg', 'x'],
      'column x holds texts that look like numbers, such as "5 kg", but are not understood as such: they are categories',
    ],
    ['texts of which half look like numbers', ['5 kg', 'y'], null],
  ])('%s, which is said', async (_, cells, note) => {
    const { notes } = await encoded(cells, { keepIds: true });
    if (note === null) expect(notes.join('\n')).not.toContain('column x');
    else expect(notes).toContain(note);
  });

  test('the commonest hundred of more than 1000 categories, and one more', async () => {
    const cells = count(1300, (at) =>
      at < 1001 ? `t${String(at).padStart(4, '0')}` : `t${String(at % 150).padStart(4, '0')}`,
    );
    const { column, notes, features } = await encoded(cells);
    const often = [...new Set(cells)]
      .sort(
        (a, b) =>
          cells.filter((cell) => cell === b).length - cells.filter((cell) => cell === a).length ||
          (a < b ? -1 : 1),
      )
      .slice(0, 100);
    expect(column).toEqual({ name: 'x', categories: [...often].sort(), other: true });
    expect(features).toBe(101);
    // Numbers among them count as texts do, in every spelling by itself.
    const some = [...cells, '7', 7, '7', '', ''];
    const mixed = await encoded(some);
    expect(mixed.column).toEqual({
      ...{ name: 'x', categories: [...often.slice(0, 99), '7'].sort() },
      ...{ other: true, missing: true },
    });
    expect(notes).toContain(
      'column x holds more than 1000 different cells: the commonest 100 are categories, all others one more',
    );
    const numbers = await encoded(
      count(1200, (at) => at % 1100),
      { categorical: ['x'] },
    );
    expect(numbers.column).toEqual({
      name: 'x',
      categories: count(100, String).sort(),
      other: true,
    });
    expect(
      (
        await encoded(
          count(1000, (at) => at),
          { categorical: ['x'] },
        )
      ).column.categories,
    ).toHaveLength(1000);
  });

  test('what is asked for', async () => {
    const { column } = await encoded([10, 2, '10.0', 5], { categorical: ['x'] });
    expect(column.categories).toEqual(['2', '5', '10']);
    expect((await encoded(['a', 1, '', 2], { categorical: ['x'] })).column).toEqual({
      name: 'x',
      categories: ['1', '2', 'a'],
      missing: true,
    });
    const text = await errorOf(() => encoded([1, 2, 'a', 3], { numeric: ['x'] }));
    expect(text).toMatchObject({
      message: 'file: row 3, column "x": expected a number, received "a"',
      fix: 'Mend the cell, or do not ask for numbers.',
    });
    const date = await errorOf(() => encoded([1, '1970-01-02'], { numeric: ['x'] }));
    expect(date.message).toContain('row 2, column "x": expected a number, received "1970-01-02"');
    expect((await encoded([1, 2], { numeric: ['x'] })).column.categories).toBeNull();
    const both = await errorOf(() => encoded([1, 2], { numeric: ['x'], categorical: ['x'] }));
    expect(both.message).toBe(
      'file: column "x": expected either categorical or numeric, received both',
    );
    expect(
      (await load({ x: [1, 2, 1, 2], ...LABEL }, {}, { categories: ['x'] })).encoding!.columns[0]!
        .categories,
    ).toEqual(['1', '2']);
    expect(
      (await load({ x: [1, 2, 1, 2], ...LABEL }, { numeric: ['x'] }, { categories: ['x'] }))
        .encoding!.columns[0]!.categories,
    ).toBeNull();
  });

  test('nothing where numbers and texts are too many, or beyond binary32', async () => {
    const mixed = (different: number) => [...count(40, (at) => at % different), 'a'];
    expect((await encoded(mixed(31))).column.categories).toHaveLength(32);
    const { message, fix } = await errorOf(() => encoded(mixed(32)));
    expect(message).toBe(
      'file: row 41, column "x": expected a number as in 40 other rows, received "a"',
    );
    expect(fix).toContain('only up to 32');
    expect((await errorOf(() => encoded([0.5, 1.5, 'a']))).message).toContain(
      'expected a number as in 2 other rows',
    );
    expect((await errorOf(() => encoded([1, 1e39]))).message).toBe(
      'file: row 2, column "x": expected a number that binary32 can hold, received 1e+39',
    );
  });

  test('numbers without an offset that none needs, or with one', async () => {
    const far = 2 ** 40;
    const { column, inputs, notes } = await encoded([far + 2, far + 1, far + 3]);
    expect(column).toEqual({ name: 'x', categories: null, offset: far + 1 });
    expect(inputs).toEqual([1, 0, 2]);
    expect(notes[0]).toContain(`${far + 1} is subtracted from column x`);
    const days = await encoded(['9000-01-01T00:00:01Z', '9000-01-01T00:00:02Z', '9000-01-01']);
    expect(days.column.offset).toBe(Date.UTC(9000, 0, 1) / 1000);
    expect(days.inputs).toEqual([1, 2, 0]);
    expect((await encoded([0, far, far + 1])).notes.join()).toContain(
      'of 3 different numbers, binary32 tells 2 apart',
    );
  });
});

describe('a column is left out', () => {
  const left = async (
    x: readonly Cell[],
    options: LoadOptions = {},
    more: Partial<TableSource> = {},
  ) => {
    const y = count(x.length, (at) => ((at * 7) % 5) / 2);
    const { encoding, notes } = await load({ x, y, ...labelOf(x.length) }, options, more);
    const names = encoding!.columns.map(({ name }) => name);
    return {
      isLeft: !names.includes('x'),
      notes: notes!.filter((note) => note.includes('column x')).join(),
    };
  };

  test.each<[string, readonly Cell[], string | null]>([
    ['that counts the rows from 0', [0, 1, 2, 3, 4], 'only numbers the rows'],
    ['that counts the rows from 1', ['1', '2', '3', '4', '5'], 'only numbers the rows'],
    ['that counts fewer rows', [0, 1, 2, 3], null],
    ['that counts some rows', [0, 1, 2, 3, null], null],
    [
      'that names the rows',
      ['a', 'b', 'c', 'd', 'e'],
      'holds another text in nearly every row, such as "a"',
    ],
    ['that names fewer rows', ['a', 'b', 'c', 'd'], null],
    [
      'that names 19 of 20 rows',
      count(20, (at) => `t${at || 1}`),
      'holds another text in nearly every row, such as "t1"',
    ],
    ['that names 18 of 20 rows', count(20, (at) => `t${at > 17 ? 0 : at}`), null],
    [
      'that names the rows that hold something',
      ['a', 'b', 'c', 'd', 'e', ''],
      'holds another text in nearly every row, such as "a"',
    ],
    ['of words of which some are one', ['True', 'TRUE', 'false', 'False', 'true'], null],
    ['of dates alone', count(5, (at) => `1970-01-0${at + 1}`), null],
    [
      'of 33 texts that look like numbers',
      count(60, (at) => `${at % 33} kg`),
      'holds texts that look like numbers, such as "0 kg", but are not understood as such',
    ],
    ['of 32 texts that look like numbers', count(60, (at) => `${at % 32} kg`), null],
    ['of 40 texts that look like numbers in 80 rows', count(80, (at) => `${at % 40} kg`), null],
    [
      'of 40 texts of which half look like numbers',
      count(60, (at) => `${at % 40}${at % 2 ? ' kg' : ' litres'}`),
      null,
    ],
  ])('%s: %j', async (_, cells, reason) => {
    const { isLeft, notes } = await left(cells);
    expect(isLeft).toBe(reason !== null);
    expect(notes.includes(`column x is left out: it ${reason} (--keep-ids keeps it)`)).toBe(isLeft);
    expect((await left(cells, { keepIds: true })).isLeft).toBe(false);
    expect((await left(cells, { columns: ['x', 'y', 'k'] })).isLeft).toBe(false);
  });

  test('that is the index, that holds nothing, that is dropped or not chosen', async () => {
    const index = await left([5, 3, 1], {}, { indexColumns: ['x'] });
    expect(index).toEqual({
      isLeft: true,
      notes:
        'column x is left out: it is the index of the rows, as the file says (--keep-ids keeps it)',
    });
    const empty = await left([null, '', 'NA']);
    expect(empty).toEqual({ isLeft: true, notes: 'column x is left out: it holds no values' });
    expect(await left([5, 3, 1], { drop: ['x'] })).toEqual({ isLeft: true, notes: '' });
    expect(await left([5, 3, 1], { columns: 'y' })).toEqual({ isLeft: true, notes: '' });
    expect((await left([0, 1, 2, 3, 4], { categorical: ['x'] })).isLeft).toBe(false);
    expect((await left([0, 1, 2, 3, 4], { numeric: ['x'] })).isLeft).toBe(false);
  });

  test('but the last one is kept', async () => {
    const { encoding } = await load({ x: [0, 1, 2, 3, 4], ...labelOf(5) });
    expect(encoding!.columns.map(({ name }) => name)).toEqual(['x']);
    const { message, fix } = await errorOf(() =>
      load({ x: [1, 2, 3, 4], ...LABEL }, { drop: ['x'] }),
    );
    expect(message).toBe('file: expected at least one column to learn from, received none');
    expect(fix).toContain('The label is not one of them');
    await errorOf(() => load({ x: [null, null, null, null], ...LABEL }));
  });
});

describe('columns are chosen', () => {
  const names = ['a', 'b', 'temp_1', 'temp_2', '3', 'x, y', 'a.c', 'say "hi"'];
  const chosen = (choice: string | (string | number)[]) => [
    ...chooseColumns(names, choice, 'drop', 'file'),
  ];

  test.each<[string | (string | number)[], number[]]>([
    ['a', [0]],
    [
      ['b', 'a'],
      [1, 0],
    ],
    ['a,b', [0, 1]],
    [' b , a ', [1, 0]],
    ['a,,b,', [0, 1]],
    ['temp_*', [2, 3]],
    ['temp_?', [2, 3]],
    ['?', [0, 1, 4]],
    ['*', [0, 1, 2, 3, 4, 5, 6, 7]],
    ['a.?', [6]],
    ['a?c', [6]],
    ['a*', [0, 6]],
    [
      [1, 2],
      [0, 1],
    ],
    ['2', [1]],
    ['3', [4]],
    [['3'], [4]],
    ['2-4', [1, 2, 3]],
    ['7-99', [6, 7]],
    ['x, y', [5]],
    ['"x, y"', [5]],
    ['a,"x, y" ,b', [0, 5, 1]],
    ['"say ""hi"""', [7]],
    ['a,a', [0]],
    [[], []],
    ['', []],
  ])('%j', (choice, expected) => {
    expect(chosen(choice)).toEqual(expected);
  });

  test.each<[string | (string | number)[], string, string | undefined]>([
    ['c', '"c"', 'Did you mean "a"?'],
    ['temp_3', '"temp_3"', 'Did you mean "temp_1"?'],
    ['nothing alike', '"nothing alike"', undefined],
    [[0], '0', undefined],
    [[9], '9', undefined],
    ['4-2', '"4-2"', undefined],
    ['a-b', '"a-b"', undefined],
    ['z*', '"z*"', undefined],
    ['a,z*', '"z*"', undefined],
    ['tempX1', '"tempX1"', 'Did you mean "temp_1"?'],
  ])('%j is none', async (choice, received, fix) => {
    const error = await errorOf(() => chosen(choice));
    expect(error.message).toBe(
      `file: expected drop to be of the columns "a", "b", "temp_1", "temp_2", "3", "x, y", …, received ${received}`,
    );
    if (fix === undefined || received !== '"c"') expect(error.fix).toBe(fix);
  });

  test('by their own names, or by patterns of several', () => {
    expect(choicesIn(names, 'x, y')).toEqual(['x, y']);
    expect(choicesIn(names, 'a, b')).toEqual(['a', 'b']);
    const named = (choice: string | number[] | undefined, index: number) =>
      namesColumn(names, choice, index);
    expect([
      named('a', 0),
      named('b', 0),
      named([1], 0),
      named('temp_*', 2),
      named('*1', 2),
      named(undefined, 0),
    ]).toEqual([true, false, true, false, true, false]);
  });
});

describe('samples', () => {
  const parts = (train: Columns, validation: Columns, test: Columns) => ({
    train: [sourceOf(train, 'train')],
    validation: [sourceOf(validation, 'validation')],
    test: [sourceOf(test, 'test')],
  });
  const table = (first: number, length: number, labels = 'ab'): Columns => ({
    x: count(length, (at) => (first + at) / 4),
    k: count(length, (at) => labels[at % labels.length]!),
  });

  test('of all parts', async () => {
    const read = await readTable('t', parts(table(0, 4), table(4, 3), table(7, 2)), {});
    expect([...read.inputs]).toEqual(count(9, (at) => at / 4));
    expect([...read.labels]).toEqual([0, 1, 0, 1, 0, 1, 0, 0, 1]);
    expect(read).toMatchObject({
      name: 't',
      trainCount: 7,
      validationCount: 3,
      testCount: 2,
      features: 1,
      image: null,
      classes: 2,
      classNames: ['a', 'b'],
    });
    const old = await readTable('t', parts(table(0, 4), table(4, 3), table(7, 2)), { rules: 1 });
    expect([...old.inputs]).toEqual([0, 0.25, 0.5, 0.75, 1.75, 2]);
    expect(old).toMatchObject({ trainCount: 4, testCount: 2 });
    expect(old.validationCount).toBeUndefined();
    expect(old.encoding).toEqual({ columns: [{ name: 'x', categories: null }], label: 'k' });
  });

  test('whose label holds nothing are left out, and counted in their part', async () => {
    const lacking = (columns: Columns, at: number): Columns => ({
      ...columns,
      k: columns.k!.map((cell, row) => (row === at ? '' : cell)),
    });
    const read = await readTable(
      't',
      parts(lacking(table(0, 4), 1), lacking(table(4, 3), 0), lacking(table(7, 2), 1)),
      {},
    );
    expect([...read.inputs]).toEqual([0, 0.5, 0.75, 1.25, 1.5, 1.75]);
    expect(read).toMatchObject({ trainCount: 5, validationCount: 2, testCount: 1 });
    expect(read.notes).toContain(
      '3 rows of 9 are left out: column k, the label, holds nothing there',
    );
    const one = await load({ x: [1, 2, 3], k: ['a', 'b', null] });
    expect(one.notes).toContain('1 row of 3 is left out: column k, the label, holds nothing there');
    expect((await errorOf(() => load({ x: [1, 2], k: ['', null] }))).message).toContain('expected');
  });

  test('with a missing cell are left out, or an error, where that is asked for', async () => {
    const columns = { x: [1, null, 3, 4], y: [1, 2, 3, ''], ...LABEL };
    const dropped = await load(columns, { missing: 'drop' });
    expect([...dropped.inputs]).toEqual([1, 1, 3, 3]);
    expect(dropped.encoding).toMatchObject({
      missing: 'drop',
      columns: [{ name: 'x' }, { name: 'y' }],
    });
    expect(dropped.encoding!.columns[0]).not.toHaveProperty('missing');
    expect(dropped.notes).toContain('2 rows of 4 are left out: cells of it are missing');
    const { message, fix } = await errorOf(() => load(columns, { missing: 'error' }));
    expect(message).toBe(
      'file: row 2, column "x": expected a value in every cell, received an empty cell; 2 cells in 2 rows hold none ("x" 1, "y" 1)',
    );
    expect(fix).toContain('Fill these cells');
    expect(
      (await errorOf(() => load({ x: [1, 'NA', 3, 4], ...LABEL }, { rules: 1 }))).message,
    ).toContain('received "NA"; 1 cell in 1 row holds none ("x" 1)');
    const many = Object.fromEntries(count(8, (at) => [`c${at}`, [1, null]]));
    expect(
      (await errorOf(() => load({ ...many, k: ['a', 'b'] }, { missing: 'error' }))).message,
    ).toContain('8 cells in 1 row hold none ("c0" 1, "c1" 1, "c2" 1, "c3" 1, "c4" 1, "c5" 1, …)');
    await errorOf(() =>
      load({ x: [null, null], y: [1, 2], k: ['a', 'b'] }, { missing: 'drop', columns: ['x'] }),
    );
  });

  test('of a class that only others have are refused, where no model has it', async () => {
    const { message } = await errorOf(() =>
      readTable('t', parts(table(0, 4), table(4, 3), table(7, 2, 'c')), {}),
    );
    expect(message).toBe(
      'test: expected only classes of the training part, received "c" in column "k"',
    );
    const held = await readTable('t', parts(table(0, 4), table(4, 3, 'c'), table(7, 2)), {});
    expect(held.classes).toBe(3);
  });

  test('have the columns of the first file', async () => {
    const other = { y: [1, 2], k: ['a', 'b'] };
    expect(
      (await errorOf(() => readTable('t', parts(table(0, 4), table(4, 3), other), {}))).message,
    ).toBe('test: expected the columns of train, received others (y, k)');
    const wide = { x: [1, 2], y: [1, 2], k: ['a', 'b'] };
    expect(
      (await errorOf(() => readTable('t', parts(table(0, 4), table(4, 3), wide), {}))).message,
    ).toBe('test: row 1: expected 2 cells as in the first row, received 3');
    expect((await errorOf(() => load({ k: ['a', 'b'] }))).message).toBe(
      'file: expected at least 2 columns, one of them the label, received 1',
    );
    const unread = { unread: new Map([['x', 'a list']]) };
    const lists = await errorOf(() => load({ x: [null, null, null, null], ...LABEL }, {}, unread));
    expect(lists).toMatchObject({
      message: 'file: column "x": expected numbers, text, dates or true and false, received a list',
      fix: 'Leave the column out (--drop x).',
    });
    expect(
      (
        await load(
          { x: [null, null, null, null], y: [1, 2, 3, 5], ...LABEL },
          { drop: ['x'] },
          unread,
        )
      ).features,
    ).toBe(1);
  });
});

describe("a model's encoding is followed", () => {
  let known: Dataset;
  const train = {
    x: [1, 2, 3, 4],
    t: ['u', 'v', 'u', 'v'],
    d: ['1970-01-02', '1970-02-05', '1970-01-01', '1970-01-02'],
    ...LABEL,
  };
  const follow = async (columns: Columns, options: LoadOptions = {}) => {
    known ??= await load(train);
    const like = { classes: 2, classNames: known.classNames!, encoding: known.encoding! };
    return load(columns, { like, ...options });
  };

  test('by the names of its columns', async () => {
    const turned = {
      k: ['b', 'a'],
      d: ['1970-03-01', '1970-01-02'],
      other: [1, 2],
      t: ['v', 'v'],
      x: [9, 8],
    };
    const read = await follow(turned, { strict: true });
    expect([...read.inputs]).toEqual([9, 0, 1, 59, 3, 6, 8, 0, 1, 1, 1, 4]);
    expect([...read.labels]).toEqual([1, 0]);
    expect(read.encoding).toMatchObject(known.encoding!);
  });

  test('and says what was never seen, or refuses it', async () => {
    const other = { ...train, t: ['w', 'v', 'x', 'v'] };
    const read = await follow(other);
    expect(read.notes).toContain(
      'column t: 2 rows hold a category that was never seen in training, such as "w": its features are 0',
    );
    const one = await follow({ ...train, t: ['w', 'v', 'u', 'v'] });
    expect(one.notes!.join()).toContain('column t: 1 row holds a category');
    const { message } = await errorOf(() => follow(other, { strict: true }));
    expect(message).toMatch(/^file: row 1, column "t": /);
    const second = await errorOf(() =>
      follow({ ...train, t: ['u', 'v', 'x', 'v'] }, { strict: true }),
    );
    expect(second.message).toMatch(/^file: row 3, column "t": /);
  });

  test.each<[string, Columns, string]>([
    [
      'a column that is not there',
      { t: ['u', 'v'], d: ['1970-01-01', '1970-01-02'], k: ['a', 'b'] },
      'file: expected a column "x", which the model was trained on, received "t", "d", "k"',
    ],
    [
      'a text among numbers',
      { ...train, x: [1, 'a', 3, 4] },
      'file: row 2, column "x": expected a number, received "a"',
    ],
    [
      'a text among dates',
      { ...train, d: ['1970-01-01', 'soon', '1970-01-01', '1970-01-01'] },
      'file: row 2, column "d": expected a date of ISO 8601, as in 2024-02-29, received "soon"',
    ],
    [
      'a number among dates',
      { ...train, d: ['1970-01-01', 5, '1970-01-01', '1970-01-01'] },
      'file: row 2, column "d": expected a date of ISO 8601, as in 2024-02-29, received 5',
    ],
    [
      'an unknown class',
      { ...train, k: ['a', 'b', 'c', 'a'] },
      'file: row 3, column "k": expected one of 2 classes ("a", "b"), received "c"',
    ],
  ])('but not with %s', async (_, columns, message) => {
    expect((await errorOf(() => follow(columns))).message).toBe(message);
  });

  test.each<[LoadOptions, string | null]>([
    [
      { drop: ['x'] },
      'column "x": expected as the model was trained, which learns from it, received another wish (drop)',
    ],
    [
      { columns: ['t', 'd'] },
      'column "x": expected as the model was trained, which learns from it, received another wish (columns)',
    ],
    [
      { categorical: ['x'] },
      'column "x": expected as the model was trained, which takes its numbers, received another wish (categorical)',
    ],
    [
      { numeric: ['t'] },
      'column "t": expected as the model was trained, which takes categories, received another wish (numeric)',
    ],
    [
      { columns: ['x', 't', 'd', 'o'] },
      'column "o": expected as the model was trained, which does not learn from it, received another wish (columns)',
    ],
    [{ missing: 'error' }, 'missing: expected impute, as the model was trained, received error'],
    [{ missing: 'impute' }, null],
    [{ columns: ['x', 't', 'd', 'k', 'e'] }, null],
    [{ categorical: ['t'], numeric: ['x'], drop: ['o'] }, null],
  ])('and keeps its columns whatever is asked for: %j', async (options, message) => {
    const columns = { o: [1, 2, 3, 4], e: [null, null, null, null], ...train };
    if (message === null) expect((await follow(columns, options)).trainCount).toBe(4);
    else expect((await errorOf(() => follow(columns, options))).message).toBe(`file: ${message}`);
  });
});
