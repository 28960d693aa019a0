import { describe, expect, test } from 'vitest';
import { textSource } from '../src/memory/index.js';
import { rowsSource } from '../src/memory/rows-source.js';
import type { LoadOptions } from '../src/options.js';
import type { Cell } from '../src/table/cell.js';
import { readTable } from '../src/table/read-table.js';
import { errorOf } from './temporary.js';

type Rows = readonly (readonly Cell[])[];
const count = <Value>(length: number, of: (at: number) => Value): Value[] =>
  Array.from({ length }, (_, at) => of(at));

/** A table whose first rows may be names. */
const rowsIn = (rows: Rows, options: LoadOptions = {}) =>
  readTable('t', { train: [rowsSource(rows, 'file')], test: [] }, { task: 'auto', ...options });
const textIn = (text: string, options: LoadOptions = {}) =>
  readTable('t', { train: [textSource(text, 'file')], test: [] }, { task: 'auto', ...options });
/** A table of one feature, 0.5, 1.5 and so on, beside labels. */
function labelled(labels: Readonly<Record<string, readonly Cell[]>>, options: LoadOptions = {}) {
  const names = Object.keys(labels);
  const rows = labels[names[0]!]!.map((_, row) => [
    row + 0.5,
    ...names.map((name) => labels[name]![row]!),
  ]);
  return rowsIn([['x', ...names], ...rows], { label: names, ...options });
}

describe('one label is learnt', () => {
  test.each<[string, Cell[], (string | undefined)[] | undefined, number[]]>([
    ['as texts', ['b', 'a', 'b'], ['a', 'b'], [1, 0, 1]],
    ['as whole numbers from 0', [1, 0, '1.0'], undefined, [1, 0, 1]],
    ['as other whole numbers', [10, 9, '-1'], ['-1', '9', '10'], [2, 1, 0]],
    ['as true and false in any spelling', ['True', 'false', 'TRUE'], ['false', 'true'], [1, 0, 1]],
    [
      'as dates',
      ['1970-01-02', '1970-01-01', '1970-01-02'],
      ['1970-01-01', '1970-01-02'],
      [1, 0, 1],
    ],
    ['as texts and numbers', ['a', 1, 'a'], ['1', 'a'], [1, 0, 1]],
    ['as signs', ['+', '-', '+'], ['+', '-'], [0, 1, 0]],
  ])('%s', async (_, cells, names, labels) => {
    const read = await labelled({ k: cells });
    expect(read.classNames).toEqual(names);
    expect([...read.labels]).toEqual(labels);
    expect(read.classes).toBe(names?.length ?? 2);
  });

  test.each<[string, Cell[], boolean]>([
    ['fractions', [0.5, 1, 2], true],
    ['a few whole numbers', [5, 6, 7], false],
    ['21 whole numbers once', count(21, (at) => at), true],
    ['20 whole numbers once', count(20, (at) => at), false],
    ['21 whole numbers twice', count(42, (at) => at % 21), false],
    ['101 whole numbers often', count(404, (at) => at % 101), true],
    ['100 whole numbers often', count(400, (at) => at % 100), false],
    ['numbers beyond 2^53', [2 ** 53, 1, 2 ** 53], true],
    ['a fraction and a text', [0.5, 'a'], false],
    ['nothing but numbers and gaps', [0.5, null, 2], true],
  ])('of %s as numbers: %j', async (_, cells, isNumber) => {
    const read = await labelled({ k: cells });
    expect(read.classes === 0).toBe(isNumber);
    const note =
      'column k is learnt as a number (loss squared-error), because it holds many different ones or fractions';
    expect(read.notes!.includes(note)).toBe(isNumber);
    if (isNumber) expect([...read.values!]).toEqual(cells.filter((cell) => cell !== null));
  });

  test('as somebody says', async () => {
    const asked = await labelled({ k: [1, 2, 1] }, { numeric: ['k'] });
    expect([...asked.values!]).toEqual([1, 2, 1]);
    expect(asked.notes).toContain(
      'column k is learnt as a number (loss squared-error), as numeric says',
    );
    expect((await labelled({ k: count(30, (at) => at) }, { categorical: ['k'] })).classes).toBe(30);
    expect((await labelled({ k: [1, 2, 1] }, { task: 'regression' })).values).toEqual(
      Float32Array.of(1, 2, 1),
    );
    expect((await labelled({ k: [1, 2, 1] }, { task: 'classification' })).classes).toBe(2);
    const error = await errorOf(() =>
      labelled({ k: [1, 2] }, { task: 'regression', categorical: ['k'] }),
    );
    expect(error).toMatchObject({
      message:
        'file: column "k": expected categories, as categorical says, received a label that is learnt as a number (loss squared-error)',
      fix: 'One column of categories is learnt as classes: loss cross-entropy.',
    });
    expect((await errorOf(() => labelled({ k: [1, 'a'] }, { numeric: ['k'] }))).message).toBe(
      'file: row 3, column "k": expected a number, received "a"',
    );
    expect(
      (await errorOf(() => labelled({ k: [1, 2] }, { drop: ['k'], label: 'k' }))).message,
    ).toBe('file: column "k": expected the label to stay, received it among those to drop');
  });

  test.each<[string, Cell[], LoadOptions, string, string | undefined]>([
    [
      'one class',
      ['a', 'a'],
      {},
      'file: column "k": expected at least two classes, received only "a"',
      undefined,
    ],
    [
      'one number',
      [1, '1'],
      {},
      'file: column "k": expected at least two classes, received only "1"',
      undefined,
    ],
    [
      'a fraction',
      [1, 0.5],
      { task: 'classification' },
      'file: column "k": expected classes, received the number 0.5',
      'regression',
    ],
    [
      'more than 100 numbers',
      count(101, (at) => at),
      { task: 'classification' },
      'file: column "k": expected at most 100 classes, received more different numbers',
      'regression',
    ],
    [
      'more than 1000 numbers',
      count(1001, (at) => at),
      { task: 'classification' },
      'file: column "k": expected at most 100 classes, received more different numbers',
      'regression',
    ],
    [
      'more than 1000 texts',
      count(1001, (at) => `t${at}`),
      {},
      'file: row 2, column "k": expected at most 1000 classes, received more',
      'Choose another column',
    ],
    [
      'a number beyond binary32',
      [1, 1e39],
      { task: 'classification' },
      'file: row 3, column "k": expected a number that binary32 can hold, received 1e+39',
      undefined,
    ],
    [
      'a text as a number',
      [1, 'a'],
      { task: 'regression' },
      'file: row 3, column "k": expected a number, received "a"',
      undefined,
    ],
    [
      'a date as a number',
      [1, '1970-01-01'],
      { task: 'regression' },
      'file: row 3, column "k": expected a number, received "1970-01-01"',
      undefined,
    ],
  ])('but not as %s', async (_, cells, options, message, fix) => {
    const error = await errorOf(() => labelled({ k: cells }, options));
    expect(error.message).toBe(message);
    if (fix === undefined) expect(error.fix).toBeUndefined();
    else expect(error.fix).toContain(fix);
  });

  test('as 1000 texts, or 100 numbers', async () => {
    expect((await labelled({ k: count(1000, (at) => `t${at}`) })).classes).toBe(1000);
    expect(
      (await labelled({ k: count(100, (at) => at) }, { task: 'classification' })).classes,
    ).toBe(100);
  });

  test.each<[string, Cell[], string | null]>([
    [
      '21 dates',
      count(42, (at) => `1970-01-${String((at % 21) + 1).padStart(2, '0')}`),
      'column k, the label, holds dates: each of 21 is a class',
    ],
    ['20 dates', count(42, (at) => `1970-01-${String((at % 20) + 1).padStart(2, '0')}`), null],
    [
      '21 texts like numbers',
      count(42, (at) => `${at % 21} kg`),
      'column k, the label, holds texts that look like numbers, such as "0 kg", but are not understood as such: each of 21 is a class',
    ],
    [
      '21 texts of which half are like numbers',
      count(84, (at) => `${at % 21}${(at % 21) % 2 ? ' kg' : ' litres'}`),
      null,
    ],
    [
      '21 texts once',
      count(21, (at) => `t${at}`),
      'column k, the label, holds 21 classes in 21 rows',
    ],
    ['22 texts in 44 rows', count(44, (at) => `t${at % 22}`), null],
    [
      '22 texts in 43 rows',
      count(43, (at) => `t${at % 22}`),
      'column k, the label, holds 22 classes in 43 rows',
    ],
  ])('of %s, which is said: %j', async (_, cells, note) => {
    const { notes } = await labelled({ k: cells });
    const own = notes!.filter((one) => one.includes('column k'));
    expect(own).toEqual(note === null ? [] : [note]);
  });

  test('moved, where binary32 would lose it', async () => {
    const far = 2 ** 40;
    const { values, encoding, notes } = await labelled(
      { k: [far + 1, far, far + 2] },
      { task: 'regression' },
    );
    expect([...values!]).toEqual([1, 0, 2]);
    expect(encoding!.targets).toEqual([{ name: 'k', offset: far }]);
    expect(notes!.join()).toContain(`${far} is subtracted from column k`);
    expect((await labelled({ k: [0.5, 1] }, { task: 'regression' })).encoding).not.toHaveProperty(
      'targets',
    );
    const old = await labelled({ k: [far + 1, far] }, { task: 'regression', rules: 1 });
    expect([...old.values!]).toEqual([far, far]);
  });
});

describe('several labels are learnt', () => {
  const note = 'a, b are learnt as yes or no each (loss binary-cross-entropy)';

  test.each<[string, Cell[], Cell[], [string, string][] | null, number[]]>([
    [
      '0 and 1',
      [0, 1, 1],
      ['1', '0', '0'],
      [
        ['0', '1'],
        ['0', '1'],
      ],
      [0, 1, 1, 0, 1, 0],
    ],
    [
      '0 and 1 as JavaScript does not write them',
      ['0.0', '1', '1.0'],
      [1, 0, 1],
      [
        ['0', '1'],
        ['0', '1'],
      ],
      [0, 1, 1, 0, 1, 1],
    ],
    ['yes and no', ['yes', 'no', 'Yes'], ['no', 'no', 'yes'], null, []],
    [
      'words',
      ['no', 'yes', 'no'],
      ['true', 'false', 'true'],
      [
        ['no', 'yes'],
        ['false', 'true'],
      ],
      [0, 1, 1, 0, 0, 1],
    ],
    [
      'words of another language',
      ['ja', 'nein', 'ja'],
      ['vrai', 'faux', 'vrai'],
      [
        ['nein', 'ja'],
        ['faux', 'vrai'],
      ],
      [1, 1, 0, 0, 1, 1],
    ],
    [
      'signs and letters',
      ['+', '-', '+'],
      ['T', 'F', 'F'],
      [
        ['-', '+'],
        ['F', 'T'],
      ],
      [1, 1, 0, 0, 1, 0],
    ],
    [
      'other texts',
      ['b', 'a', 'b'],
      ['x', 'y', 'y'],
      [
        ['a', 'b'],
        ['x', 'y'],
      ],
      [1, 0, 0, 1, 1, 1],
    ],
    [
      'only ever 0, only ever 1',
      [0, 0, 0],
      [1, 1, 1],
      [
        ['0', '1'],
        ['0', '1'],
      ],
      [0, 1, 0, 1, 0, 1],
    ],
    [
      'two whole numbers',
      [5, 7, 5],
      [0, 1, 0],
      [
        ['5', '7'],
        ['0', '1'],
      ],
      [0, 0, 1, 1, 0, 0],
    ],
  ])('as %s', async (_, a, b, categories, values) => {
    if (categories === null) {
      // In two spellings a word is one.
      expect([...(await labelled({ a, b })).values!]).toEqual([1, 0, 0, 0, 1, 1]);
      return;
    }
    const read = await labelled({ a, b });
    expect(read.encoding!.targets).toEqual([
      { name: 'a', categories: categories[0] },
      { name: 'b', categories: categories[1] },
    ]);
    expect([...read.values!]).toEqual(values);
    expect(read.notes).toContain(note);
    expect(read.encoding!.label).toBe('a,b');
  });

  test('as numbers', async () => {
    const read = await labelled({ a: [0, 1, 2], b: [0.5, 1, 0] });
    expect([...read.values!]).toEqual([0, 0.5, 1, 1, 2, 0]);
    expect(read.encoding!.targets).toEqual([{ name: 'a' }, { name: 'b' }]);
    expect((await labelled({ a: [0.5, 1.5, 0.5], b: [0, 1, 0] })).encoding!.targets).toEqual([
      { name: 'a' },
      { name: 'b' },
    ]);
    const far = 2 ** 40;
    const moved = await labelled({ a: [far, far + 1, far], b: [5, 6, 8] });
    expect(moved.encoding!.targets).toEqual([{ name: 'a', offset: far }, { name: 'b' }]);
    expect([...moved.values!]).toEqual([0, 5, 1, 6, 0, 8]);
  });

  test.each<[string, Cell[], LoadOptions, string]>([
    [
      'three texts',
      ['x', 'y', 'z'],
      {},
      'file: column "a": expected two different cells, as yes and no, received "x", "y", "z"',
    ],
    [
      'one text',
      ['x', 'x', 'x'],
      {},
      'file: column "a": expected two different cells, as yes and no, received "x"',
    ],
    [
      'many texts',
      count(9, (at) => `t${at}`),
      {},
      'file: column "a": expected two different cells, as yes and no, received more',
    ],
    [
      'one number',
      [5, 5, 5],
      { task: 'multi-label' },
      'file: column "a": expected two different cells, as yes and no, received "5"',
    ],
    [
      'a fraction',
      [0.5, 1, 2],
      { task: 'multi-label' },
      'file: column "a": expected two different cells, as yes and no, received "0.5", "1", "2"',
    ],
    [
      'classes',
      [0, 1, 0],
      { task: 'classification' },
      'file: expected one column as the label of classes, received "a", "b"',
    ],
  ])('but not as %s', async (_, a, options, message) => {
    const b = a.map((_cell, at) => 'uv'[at % 2]!);
    expect((await errorOf(() => labelled({ a, b }, options))).message).toBe(message);
  });

  test("as a model's, whatever is asked for", async () => {
    const trained = await labelled({ a: ['no', 'yes', 'no'], b: [0, 1, 0] });
    const like = { classes: 0, encoding: trained.encoding! };
    const again = await rowsIn(
      [
        ['b', 'x', 'a'],
        [1, 0.5, 'YES'],
        [0, 1.5, 'no'],
      ],
      { like },
    );
    expect([...again.values!]).toEqual([1, 1, 0, 0]);
    const { message } = await errorOf(() =>
      rowsIn(
        [
          ['b', 'x', 'a'],
          [1, 0.5, 'maybe'],
          [0, 1.5, 'no'],
        ],
        { like },
      ),
    );
    expect(message).toBe(
      'file: row 2, column "a": expected one of the two texts that the model was trained on, received "maybe"',
    );
    const numbers = await errorOf(() =>
      rowsIn(
        [
          ['b', 'x', 'a'],
          [2, 0.5, 'no'],
          [0, 1.5, 'no'],
        ],
        { like },
      ),
    );
    expect(numbers.message).toContain(
      'expected one of the two texts that the model was trained on, received 2',
    );
    const regression = await labelled({ a: [1, 2, 3], b: [0.5, 1, 7] });
    const other = await rowsIn(
      [
        ['x', 'a', 'b'],
        [0.5, 1, 2],
        [1.5, 0, 1],
      ],
      { like: { classes: 0, encoding: regression.encoding! } },
    );
    expect([...other.values!]).toEqual([1, 2, 0, 1]);
  });
});

describe('the first row', () => {
  test.each<[string, Rows, string[] | null]>([
    [
      'of texts above numbers',
      [
        ['x', 'k'],
        [1, 'a'],
        [2, 'b'],
      ],
      ['x', 'k'],
    ],
    [
      'of texts above dates',
      [
        ['x', 'k'],
        ['1970-01-01', 'a'],
        ['1970-01-02', 'b'],
      ],
      ['x', 'k'],
    ],
    [
      'of other texts than below',
      [
        ['x', 'k'],
        ['u', 'a'],
        ['v', 'b'],
      ],
      ['x', 'k'],
    ],
    [
      'of a text that comes again',
      [
        ['u', 'k'],
        ['u', 'a'],
        ['v', 'b'],
      ],
      null,
    ],
    [
      'with a number',
      [
        [1, 'a'],
        [2, 'b'],
        [3, 'a'],
      ],
      null,
    ],
    [
      'of years',
      [
        ['town', 1990, 2000],
        ['Ulm', 1.5, 3],
        ['Bonn', 2.5, 4],
      ],
      ['town', '1990', '2000'],
    ],
    [
      'of numbers that follow each other',
      [
        ['town', 1, 2, 3],
        ['Ulm', 1.5, 3, 'a'],
        ['Bonn', 2.5, 4, 'b'],
      ],
      ['town', '1', '2', '3'],
    ],
    [
      'of a number above texts',
      [
        [2019, 'k'],
        ['u', 'a'],
        ['v', 'b'],
      ],
      ['2019', 'k'],
    ],
    [
      'of numbers that are no years',
      [
        ['town', 1700, 1800],
        ['Ulm', 1.5, 3],
        ['Bonn', 2.5, 4],
      ],
      null,
    ],
    [
      'of years beyond',
      [
        ['town', 2100, 2200],
        ['Ulm', 1.5, 3],
        ['Bonn', 2.5, 4],
      ],
      null,
    ],
    [
      'of a fraction',
      [
        ['town', 1990.5, 2000],
        ['Ulm', 1.5, 3],
        ['Bonn', 2.5, 4],
      ],
      null,
    ],
    [
      'of one number twice',
      [
        ['town', 1990, 1990],
        ['Ulm', 1.5, 3],
        ['Bonn', 2.5, 4],
      ],
      null,
    ],
    [
      'of a text that comes again beside years',
      [
        ['Ulm', 1990, 2000],
        ['Ulm', 1.5, 3],
        ['Bonn', 2.5, 4],
      ],
      null,
    ],
    [
      'of texts, some empty',
      [
        ['x', '', 'k'],
        [1, 2.5, 'a'],
        [2, 1.5, 'b'],
      ],
      ['x', 'column 2', 'k'],
    ],
  ])('%s', async (_, rows, names) => {
    const { encoding, trainCount } = await rowsIn(rows, { keepIds: true, task: 'auto' });
    const received = [...encoding!.columns.map(({ name }) => name), encoding!.label];
    expect(received).toEqual(names ?? rows[0]!.map((_cell, at) => `column ${at + 1}`));
    expect(trainCount).toBe(names === null ? rows.length : rows.length - 1);
  });

  test('is what somebody says', async () => {
    const rows = [
      ['x', 'k'],
      ['1', 'a'],
      ['2', 'b'],
    ];
    expect((await rowsIn(rows, { header: true })).trainCount).toBe(2);
    expect((await rowsIn(rows.slice(1), { header: false })).trainCount).toBe(2);
    expect(
      (
        await rowsIn(
          [
            ['1', '2'],
            ['3', 'a'],
            ['4', 'b'],
          ],
          { header: true },
        )
      ).encoding!.label,
    ).toBe('2');
    expect(
      (
        await errorOf(() =>
          rowsIn(
            [
              ['x', 'x'],
              [1, 'a'],
            ],
            { header: true },
          ),
        )
      ).message,
    ).toBe('file: expected a different name for each column, received "x" for columns 1 and 2');
    expect((await errorOf(() => rowsIn([['x', 'k']], { header: true }))).message).toBe(
      'file: expected rows of values, received none',
    );
  });

  test('may stand below a title', async () => {
    const rows = [
      ['Our table', '', ''],
      ['', null, ''],
      ['x', 'y', 'k'],
      [1, 2.5, 'a'],
      [3, 1.5, 'b'],
    ];
    const { encoding, notes } = await rowsIn(rows);
    expect(encoding!.label).toBe('k');
    expect(notes![0]).toBe(
      'file: 2 rows above the names of the columns are left out ("Our table")',
    );
    const one = await rowsIn([
      ['Our table', ''],
      ['x', 'k'],
      [1.5, 'a'],
      [3, 'b'],
    ]);
    expect(one.notes![0]).toBe(
      'file: a row above the names of the columns is left out ("Our table")',
    );
    const empty = await rowsIn([
      ['', ''],
      ['x', 'k'],
      [1.5, 'a'],
      [3, 'b'],
    ]);
    expect(empty.notes![0]).toBe('file: a row above the names of the columns is left out');
    const old = await rowsIn(
      [
        ['Our table', ''],
        ['x', 'k'],
        ['y', 'b'],
      ],
      { rules: 1 },
    );
    expect(old).toMatchObject({ trainCount: 2, encoding: { label: 'column 2' } });
  });
});

describe('the label', () => {
  const rows = [
    ['x', 'k', 'e'],
    [0.5, 'a', ''],
    [1.5, 'b', ''],
    [2.5, 'a', ''],
  ];
  const labelBy = async (label: LoadOptions['label']) =>
    (await rowsIn(rows, { label })).encoding!.label;

  test('is the last that holds something, or the one that is said', async () => {
    expect(await labelBy(undefined)).toBe('k');
    expect(await labelBy('x')).toBe('x');
    expect(await labelBy('1')).toBe('x');
    expect(await labelBy(2)).toBe('k');
    expect(await labelBy(['k', 'k'])).toBe('k');
    expect((await errorOf(() => labelBy(0))).message).toBe(
      'file: expected the label to be a column from 1 to 3, received 0',
    );
    expect((await errorOf(() => labelBy('4'))).message).toBe(
      'file: expected the label to be a column from 1 to 3, received 4',
    );
    expect((await errorOf(() => labelBy('-1'))).message).toContain('received -1');
    const other = await errorOf(() => labelBy('K'));
    expect(other.message).toBe(
      'file: expected the label to be one of the columns "x", "k", "e", received "K"',
    );
    expect(other.fix).toBe('Did you mean "k"?');
    expect(await errorOf(() => labelBy('a column'))).toMatchObject({
      message: expect.stringContaining('received "a column"'),
    });
  });
});

describe('numbers are written', () => {
  test.each<[string, string, number[], string | null]>([
    ['with decimal points', 'x,k\n1.5,a\n"1,234",b\n', [1.5, 1234], null],
    [
      'with decimal commas',
      'x;k\n1,5;a\n1.234,5;b\n',
      [1.5, 1234.5],
      'numbers are read with decimal commas, and points between thousands, because of column x',
    ],
    [
      'with decimal commas alone',
      'x;k\n0,125;a\n1,234;b\n',
      [0.125, 1.234],
      'numbers are read with decimal commas, and points between thousands, because of column x',
    ],
    [
      'with points between thousands',
      'x;k\n1.234.567;a\n1,5;b\n',
      [1234567, 1.5],
      'numbers are read with decimal commas, and points between thousands, because of column x',
    ],
    [
      'with points between all thousands',
      'x,k\n1.234.567,a\n2.345.678,b\n',
      [1234567, 2345678],
      'numbers are read with decimal commas, and points between thousands, because of column x',
    ],
    [
      'either way, with semicolons between',
      'x;k\n1,234;a\n2,345;b\n',
      [1.234, 2.345],
      'column x holds numbers such as 1,234: the comma is a decimal one',
    ],
    [
      'either way, with tabs between',
      'x\tk\n1,234\ta\n2,345\tb\n',
      [1234, 2345],
      'column x holds numbers such as 1,234: the comma stands between thousands',
    ],
    [
      'with points that may be either',
      'x;k\n1.234;a\n2.345;b\n',
      [1.234, 2.345],
      'column x holds numbers such as 1.234: the point is a decimal one',
    ],
    [
      'with exponents behind decimal commas',
      'x;k\n1,5e3;a\n2,5E-1;b\n',
      [1500, 0.25],
      'numbers are read with decimal commas, and points between thousands, because of column x',
    ],
  ])('%s', async (_, text, values, note) => {
    const { inputs, notes, encoding } = await textIn(text);
    expect([...inputs]).toEqual(values.map(Math.fround));
    if (note === null) expect(notes).toEqual([]);
    else expect(notes).toContain(note);
    expect(encoding!.decimal).toBe(
      note?.includes('decimal commas') || note?.endsWith('comma is a decimal one')
        ? ','
        : undefined,
    );
  });

  test('with points in one column, and what may be either in others', async () => {
    const { inputs } = await textIn('x;y;k\n1.5;1,234;a\n2.5;2,345;b\n');
    expect([...inputs]).toEqual([1.5, 1234, 2.5, 2345]);
  });
});

describe('dates are written', () => {
  test.each<[string, string[], string, number[] | null]>([
    [
      'with the day first',
      ['31/01/1970', '01/02/1970'],
      'dates are read with the day first, because of column x',
      [30, 31],
    ],
    [
      'with the month first',
      ['01/31/1970', '02/01/1970'],
      'dates are read with the month first, because of column x',
      [30, 31],
    ],
    [
      'with points',
      ['01.02.1970', '02.02.1970'],
      'dates are read with the day first, because of column x',
      [31, 32],
    ],
    [
      'either way',
      ['01/02/1970', '02/02/1970'],
      'dates are read with the month first, though column x could be either',
      [1, 32],
    ],
  ])('%s', async (_, cells, note, days) => {
    const rows = cells.map((cell, at) => `${cell},${at + 0.5},${'ab'[at % 2]}`).join('\n');
    const { inputs, features, notes, encoding } = await textIn(`x,y,k\n${rows}\n`);
    expect(notes).toContain(note);
    expect(cells.map((_cell, row) => inputs[row * features])).toEqual(days);
    expect(encoding!.dates).toBe(note.includes('day first') ? 'day' : 'month');
  });

  test('with decimal commas beside, with the day first', async () => {
    const { notes } = await textIn('x;y;k\n01/02/1970;0,5;a\n02/02/1970;1,5;b\n');
    expect(notes).toContain('dates are read with the day first, though column x could be either');
  });

  test('each in another order, which is said, and no dates', async () => {
    const { notes, encoding } = await textIn(
      'x,y,k\n31/01/1970,01/31/1970,a\n30/01/1970,01/30/1970,b\n',
    );
    expect(notes).toContain(
      'column x has dates that begin with the day, y with the month: write them as in 2024-02-29',
    );
    expect(encoding!.columns[0]!.categories).toHaveLength(2);
    expect(encoding).not.toHaveProperty('dates');
    const both = await textIn('x,k\n31/01/1970,a\n01/31/1970,b\n');
    expect(both.encoding!.columns[0]!.categories).toHaveLength(2);
    const some = await textIn('x,k\n31/01/1970,a\nsoon,b\n');
    expect(some.encoding!.columns[0]!.categories).toHaveLength(2);
  });
});
