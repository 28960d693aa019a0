import type { TableEncoding } from '@bitgrad/core';
import { describe, expect, test, vi } from 'vitest';
import { textSource } from '../src/memory/index.js';
import { rowsSource } from '../src/memory/rows-source.js';
import type { LoadOptions } from '../src/options.js';
import type { Cell } from '../src/table/cell.js';
import { labelClasses } from '../src/table/label-classes.js';
import { findLabels, type Label } from '../src/table/label-column.js';
import { readTable } from '../src/table/read-table.js';
import type { TableSource } from '../src/table/source.js';
import { storeOf } from './stores.js';
import { errorOf } from './temporary.js';

type Rows = readonly (readonly Cell[])[];
const count = <Value>(length: number, of: (at: number) => Value): Value[] =>
  Array.from({ length }, (_, at) => of(at));
const rowsIn = (rows: Rows, options: LoadOptions = {}, more: Partial<TableSource> = {}) =>
  readTable(
    't',
    { train: [{ ...rowsSource(rows, 'file'), ...more }], test: [] },
    { task: 'auto', ...options },
  );
const textIn = (text: string, options: LoadOptions = {}) =>
  readTable('t', { train: [textSource(text, 'file')], test: [] }, { task: 'auto', ...options });

describe('the columns to be learnt', () => {
  const names = ['a', 'b', 'c_1', 'c_2', 'x, y', '7'];
  const columns = names.map((_, at) => storeOf(at === 5 ? [null, ''] : [1, at === 4 ? '' : 2]));
  const found = (label?: Label, index: string[] = [], drop?: LoadOptions['drop']) =>
    findLabels({ names, columns }, label, 'file', index, drop).map((at) => names[at]);

  test.each<[Label | undefined, string[]]>([
    [undefined, ['x, y']],
    ['a', ['a']],
    ['a,b', ['a', 'b']],
    ['b, a', ['b', 'a']],
    ['c_*', ['c_1', 'c_2']],
    ['c_?,a', ['c_1', 'c_2', 'a']],
    ['"x, y"', ['x, y']],
    ['x, y', ['x, y']],
    ['"x, y",a', ['x, y', 'a']],
    [
      ['b', 1],
      ['b', 'a'],
    ],
    [
      ['c_*', 'c_1'],
      ['c_1', 'c_2'],
    ],
    [2, ['b']],
    ['2', ['b']],
    ['+2', ['b']],
    [7, ['7']],
    ['6', ['7']],
    ['2-3,a', ['b', 'c_1', 'a']],
  ])('are by %j %j', (label, expected) => {
    expect(found(label)).toEqual(expected);
  });

  test('are the last that is neither dropped, nor the index, nor empty', () => {
    expect(found(undefined, ['x, y'])).toEqual(['c_2']);
    expect(found(undefined, [], 'c_*,"x, y"')).toEqual(['b']);
    expect(found(undefined, ['c_2'], ['x, y'])).toEqual(['c_1']);
    // Where none is left, the last is looked at, and says what it lacks.
    expect(found(undefined, [], '*')).toEqual(['7']);
  });

  test.each<[Label, string, string | undefined]>([
    [
      '1.5',
      'to be one of the columns "a", "b", "c_1", "c_2", "x, y", "7", received "1.5"',
      undefined,
    ],
    [
      'c-1',
      'to be one of the columns "a", "b", "c_1", "c_2", "x, y", "7", received "c-1"',
      'Did you mean "c_1"?',
    ],
    [',', 'to be one of the columns "a", "b", "c_1", "c_2", "x, y", "7", received ","', undefined],
    ['8', 'to be a column from 1 to 6, received 8', undefined],
    [0, 'to be a column from 1 to 6, received 0', undefined],
    [['q'], 'to be of the columns "a", "b", "c_1", "c_2", "x, y", "7", received "q"', undefined],
    [
      'a,nothing',
      'to be of the columns "a", "b", "c_1", "c_2", "x, y", "7", received "nothing"',
      undefined,
    ],
  ])('are none by %j', async (label, message, fix) => {
    const error = await errorOf(() => found(label));
    expect(error.message).toBe(`file: expected the label ${message}`);
    if (fix !== undefined) expect(error.fix).toBe(fix);
  });

  test('are so in a whole table, and those of a model by their names', async () => {
    const rows: Rows = [
      ['id', 'x', 'k', 'z'],
      [3, 0.5, 'a', 'u'],
      [1, 1.5, 'b', 'v'],
      [2, 0.5, 'a', 'u'],
    ];
    const { encoding } = await rowsIn(rows, { drop: ['z'] }, { indexColumns: ['id'] });
    expect(encoding).toMatchObject({ label: 'k', columns: [{ name: 'x' }] });
    const like = { classes: 2, classNames: ['a', 'b'], encoding: encoding! };
    const turned = rows.map(([id, x, k, z]) => [k!, z!, x!, id!]);
    expect([...(await rowsIn(turned, { like, drop: ['z'] })).labels]).toEqual([0, 1, 0]);
    expect((await rowsIn(turned, { encoding: encoding! })).classNames).toEqual(['a', 'b']);
    // What the model dropped need not be there.
    const bare = rows.map(([, x, k]) => [x!, k!]);
    expect((await rowsIn(bare, { like, drop: 'z,q*' })).trainCount).toBe(3);
  });
});

describe('classes', () => {
  const classesOf = async (cells: readonly Cell[], options: LoadOptions = {}) => {
    const rows = [['x', 'k'], ...cells.map((cell, at) => [at % 7, cell])];
    const read = await rowsIn(rows, { label: 'k', ...options });
    return { names: read.classNames, labels: [...read.labels], notes: read.notes! };
  };

  test('of texts and numbers are said where they are many', async () => {
    const cells = count(42, (at) => (at % 2 ? at : `t${at}`));
    const { names, labels, notes } = await classesOf(cells);
    expect(names).toEqual(cells.map(String).sort());
    expect(labels.map((label) => names![label])).toEqual(cells.map(String));
    expect(notes).toEqual(['column k, the label, holds 21 classes in 42 rows'].slice(1));
    const more = count(42, (at) => (at < 2 ? at : `t${at}`));
    expect((await classesOf(more)).notes).toEqual([
      'column k, the label, holds 40 classes in 42 rows',
    ]);
  });

  test('of texts, and numbers of which more than 1000 differ, are too many', async () => {
    const { message } = await errorOf(() => classesOf(['x', ...count(1001, (at) => at)]));
    expect(message).toBe('file: row 2, column "k": expected at most 1000 classes, received more');
    const dated = ['1970-01-01', ...count(1001, (at) => at)];
    expect((await errorOf(() => classesOf(dated))).message).toContain('row 2, column "k"');
  });

  test('of numbers are found however they are written', async () => {
    const { names, labels } = await classesOf(['1', '1.0', '01', 2, '2.0', '-3']);
    expect(names).toEqual(['-3', '1', '2']);
    expect(labels).toEqual([1, 1, 1, 2, 2, 0]);
    const like = { classes: 3, classNames: ['1', '2', '10'] };
    expect((await classesOf(['10.0', '1', 2], { like })).labels).toEqual([2, 0, 1]);
    expect((await classesOf([0, '1.0'], { like: { classes: 3 } })).labels).toEqual([0, 1]);
    expect((await errorOf(() => classesOf([0, '3.0'], { like: { classes: 3 } }))).message).toBe(
      'file: row 2, column "k": expected one of 3 classes ("0", "1", "2"), received "3"',
    );
  });

  test('of words are found in any spelling, and others only in their own', async () => {
    const like = { classes: 2, classNames: ['False', 'True'] };
    expect((await classesOf(['TRUE', 'false', 'True'], { like })).labels).toEqual([1, 0, 1]);
    const other = { classes: 2, classNames: ['Cat', 'Dog'] };
    const error = await errorOf(() => classesOf(['Cat', 'cat'], { like: other }));
    expect(error.message).toBe(
      'file: row 2, column "k": expected one of 2 classes ("Cat", "Dog"), received "cat"',
    );
    expect(error.fix).toBe('Did you mean "Cat"?');
  });

  test('are those of a model also where its numbers have decimal commas', async () => {
    const encoding: TableEncoding = {
      rules: 2,
      columns: [{ name: 'x', categories: null }],
      label: 'k',
      decimal: ',',
    };
    const like = { classes: 2, classNames: ['1000', '2000'], encoding };
    const { labels, inputs } = await textIn('x;k\n1,5;1.000\n2,5;2.000\n', { like });
    expect([...labels]).toEqual([0, 1]);
    expect([...inputs]).toEqual([1.5, 2.5]);
  });

  test('of one that is told only in the part to test are refused', async () => {
    const parts = (tested: string) => ({
      train: [textSource('x,k\n1,a\n2,b\n', 'train')],
      test: [textSource(`x,k\n${tested}`, 'test')],
    });
    expect((await readTable('t', parts('1,b\n'), {})).testCount).toBe(1);
    await errorOf(() => readTable('t', parts('1,c\n'), {}));
    const like = { classes: 3, classNames: ['a', 'b', 'c'] };
    expect([...(await readTable('t', parts('1,c\n'), { like })).labels]).toEqual([0, 1, 2]);
  });
});

describe('rows whose labels hold nothing', () => {
  test('are left out by any of several, and named so', async () => {
    const rows: Rows = [
      ['x', 'a', 'b'],
      [1, 0, 1],
      [2, '', 0],
      [3, 1, null],
      [4, 1, 0],
    ];
    const { inputs, values, notes } = await rowsIn(rows, { label: 'a,b' });
    expect([...inputs]).toEqual([1, 4]);
    expect([...values!]).toEqual([0, 1, 1, 0]);
    expect(notes).toContain(
      '2 rows of 4 are left out: column a or column b, the label, holds nothing there',
    );
  });

  test('or any cell, where that is asked for, may be all', async () => {
    const rows: Rows = [
      ['x', 'y', 'k'],
      [1, '', 'a'],
      ['', 2, 'b'],
    ];
    expect((await errorOf(() => rowsIn(rows, { missing: 'drop' }))).message).toBe(
      'file: expected rows with a value in every column that needs one, received none',
    );
  });
});

describe('several labels', () => {
  const PAIRS =
    'no yes,n y,nee ja,nej ja,non oui,no sí,no si,no sì,não sim,nie tak,нет да,falsch wahr,falso verdadero,absent present,negative positive';

  test.each(PAIRS.split(',').map((pair) => pair.split(' ')))('of %s and %s', async (no, yes) => {
    const rows = [
      ['x', 'a', 'b'],
      [1, yes!, yes!.toUpperCase()],
      [2, no!, no!.toUpperCase()],
    ];
    const { values, encoding } = await rowsIn(rows, { label: 'a,b' });
    expect([...values!]).toEqual([1, 1, 0, 0]);
    expect(encoding!.targets!.map(({ categories }) => categories)).toEqual([
      [no, yes],
      [no!.toUpperCase(), yes!.toUpperCase()],
    ]);
  });

  test('of more than eight texts are no yes and no, nor of 1001 numbers', async () => {
    const rows = (of: (at: number) => Cell) => [
      ['x', 'a', 'b'],
      ...count(1002, (at) => [at % 3, of(at), 'uv'[at % 2]!]),
    ];
    for (const of of [(at: number) => `t${at % 9}`, (at: number) => at]) {
      expect((await errorOf(() => rowsIn(rows(of), { label: 'a,b' }))).message).toBe(
        'file: column "a": expected two different cells, as yes and no, received more',
      );
    }
    expect(
      (
        await errorOf(() =>
          rowsIn(
            rows((at) => `t${at % 8}`),
            { label: 'a,b' },
          ),
        )
      ).message,
    ).toBe(
      'file: column "a": expected two different cells, as yes and no, received "t0", "t1", "t2", "t3", "t4", "t5", …',
    );
  });

  test('of a model of yes and no may be one column', async () => {
    const encoding: TableEncoding = {
      rules: 2,
      columns: [{ name: 'x', categories: null }],
      label: 'k',
      targets: [{ name: 'k', categories: ['no', 'yes'] }],
    };
    const like = { classes: 0, encoding };
    const read = await textIn('x,k\n1,yes\n2,NO\n', { like, task: 'classification' });
    expect(read.classes).toBe(0);
    expect([...read.values!]).toEqual([1, 0]);
    expect(read.encoding).toEqual(encoding);
  });

  test('of a model follow its offsets, and hold numbers', async () => {
    const encoding: TableEncoding = {
      rules: 2,
      columns: [{ name: 'x', categories: null }],
      label: 'k',
      targets: [{ name: 'k', offset: 2 ** 40 }],
    };
    const like = { classes: 0, encoding };
    const read = await textIn(`x,k\n1,${2 ** 40 + 1}\n2,${2 ** 40 + 3}\n`, { like });
    expect([...read.values!]).toEqual([1, 3]);
    expect(read.notes).toEqual([]);
    const error = await errorOf(() => textIn('x,k\n1,5\n2,many\n', { like }));
    expect(error.message).toBe('file: line 3, column "k": expected a number, received "many"');
  });
});

test('numbers that are too many for classes are refused without a look at each of them', async () => {
  const column = storeOf([...count(1001, (at) => at + 0.5), 'x']);
  const look = vi.spyOn(column, 'differentTexts');
  const refused = await errorOf(() =>
    Promise.resolve().then(() => labelClasses(column, 'y', 'file', 2)),
  );
  expect(refused.message).toBe(
    'file: row 1002, column "y": expected at most 1000 classes, received more',
  );
  expect(look).not.toHaveBeenCalled();
  expect(
    labelClasses(storeOf([...count(999, (at) => at + 0.5), 'x']), 'y', 'file', 2).indices.size,
  ).toBe(1000);
});
