import { describe, expect, test } from 'vitest';
import { loadDataset } from '../src/dataset.js';
import { textSource } from '../src/memory/index.js';
import type { LoadOptions } from '../src/options.js';
import { openRows } from '../src/rows/index.js';
import { readTable } from '../src/table/read-table.js';
import { errorOf } from './temporary.js';
import { temporaryFile } from './writers.js';

const load = (contents: string, options: LoadOptions = {}, name = 'table.csv') =>
  loadDataset(temporaryFile(name, contents), { task: 'auto', ...options });

const rows = 'x,y,k\n0.5,2,a\n1.5,3,b\n2.5,5,a\n';

describe('comments', () => {
  test('are cut off where whole lines are comments too, and counted', async () => {
    const dataset = await load(
      `# made by hand\n${rows.replaceAll('a\n', 'a # sure, "so\n')}# end\n`,
    );
    expect(dataset).toMatchObject({ classNames: ['a', 'b'], trainCount: 3 });
    expect(dataset.notes![0]).toMatch(
      /comment from # on is left out of 2 lines, the first of them 3$/,
    );
    expect([...dataset.inputs]).toEqual([...(await load(rows)).inputs]);
  });

  test('are none in a text in memory', async () => {
    const text = `# x y\n${rows.replaceAll('a\n', 'a # sure\n')}# end\n`;
    const dataset = await readTable('table', { train: [textSource(text, 'table')], test: [] }, {});
    expect([...dataset.inputs]).toEqual([...(await load(rows)).inputs]);
    expect(dataset.classNames).toEqual(['a', 'b']);
  });

  test('may hold quotes', async () => {
    const dataset = await load(`# 5" and more\n${rows.replace('a', '"a"')}`);
    expect([...dataset.inputs]).toEqual([...(await load(rows)).inputs]);
  });

  test.each([
    ['between quotes', '"a # 1"', 'a # 1'],
    ['over several lines', '"a\n# 1"', 'a\n# 1'],
    ['colours', '#ff0000', '#ff0000'],
    ['colours behind a space', ' #ff0000', '#ff0000'],
    ['after a letter', 'C# 1', 'C# 1'],
  ])('are not %s', async (_, written, name) => {
    const { classNames } = await load(`# made\n${rows.replaceAll('a\n', `${written}\n`)}`);
    expect(classNames).toEqual([name, 'b'].sort());
  });

  test('are not looked for where no line is one', async () => {
    const { classNames } = await load(rows.replaceAll('a\n', 'Suite # 1\n'));
    expect(classNames).toEqual(['Suite # 1', 'b']);
  });

  // numpy.savetxt('t.txt', x, header='x y k') writes this.
  test('hold the names where values follow at once', async () => {
    const { encoding, notes } = await load('# of today\n# x y k\n0.5 2 0\n1.5 3 1\n2.5 5 0\n');
    expect(encoding).toMatchObject({ columns: [{ name: 'x' }, { name: 'y' }], label: 'k' });
    expect(notes![0]).toMatch(/line 2 names the columns, after #$/);
  });
});

test('Excel’s sep= says the delimiter', async () => {
  const dataset = await load(`sep=;\n${rows.replaceAll(',', ';')}`);
  expect([...dataset.inputs]).toEqual([...(await load(rows)).inputs]);
  await expect(load('sep=;\nx;y\n1;2;3\n')).rejects.toThrow('line 3: expected 2 cells');
});

describe('the first row', () => {
  test.each([
    [
      'years beside words',
      'town,1990,2000,group',
      'Ulm,1.5,2,a\nBonn,2.5,3,b\nJena,3.5,4,a',
      'group',
    ],
    ['a year above words', '2019,2020', '0.5,a\n1.5,b\n2.5,a', '2020'],
  ])('names the columns with %s', async (_, header, below, label) => {
    const { encoding, trainCount } = await load(`${header}\n${below}\n`);
    expect(encoding!.label).toBe(label);
    expect(trainCount).toBe(3);
  });

  test.each([
    ['its text comes again', '5,a\n6,b\n7,a\n', 3],
    ['all are numbers', '1,2\n3,4\n5,6\n7,9\n', 4],
    ['its numbers are fractions', '0.5,x\n1.5,y\n2.5,z\n', 3],
    ['its numbers follow each other, and its text comes again', '1,2,3,x\n4,1,5,y\n2,2,4,x\n', 3],
    ['its numbers are no years', '1,2,x\n4,1,y\n2,2,z\n', 3],
  ])('holds values where %s', async (_, contents, count) => {
    expect((await load(contents, { keepIds: true })).trainCount).toBe(count);
  });
});

test.each([
  ['2019,2020,2021', 1],
  ['1,2,3', 1],
  ['10,8,6', 1],
  ['1,2,4', 0],
  ['5,5,5', 0],
  ['a1,a2,a3', 0],
])('a first row %s is said to be values: %i', async (first, said) => {
  const { notes } = await load(`${first}\n1,4,1\n3,9,0\n5,8,1\n`, { keepIds: true });
  const found = (notes ?? []).filter((note) => note.includes('the first row is read as values'));
  expect(found).toHaveLength(said);
});

test('hexadecimal numbers are said not to be understood', async () => {
  const { notes } = await load('code,k\n0x1F,a\n0x2e,b\n0x1F,a\n0x30,b\n');
  expect(notes).toContain(
    'column code holds texts that look like numbers, such as "0x1F", but are not understood as such: they are categories',
  );
});

test('hexadecimal codes are categories, however many', async () => {
  const code = (at: number): string => `0x${(160 + (at % 60)).toString(16)}`;
  const lines = Array.from({ length: 100 }, (_, at) => `${code(at)},${at % 7},${'ab'[at % 2]}`);
  const { encoding } = await load(`code,x,k\n${lines.join('\n')}\n`);
  expect(encoding!.columns.map(({ categories }) => categories?.length)).toEqual([60, undefined]);
});

test('the label is the last column that holds something', async () => {
  const { encoding, notes } = await load(rows.replaceAll('\n', ',\n'));
  expect(encoding!.label).toBe('k');
  expect(notes).toContain('column 4 is left out: it holds no values');
});

test('fractions and one odd text are no categories', async () => {
  const cells = ['0.5', '1.5', 'nil', '2.5', '3.5'].map((cell, at) => `${cell},${'ab'[at % 2]}`);
  const { message } = await errorOf(() => load(`x,k\n${cells.join('\n')}\n`));
  expect(message).toMatch(
    /line 4, column "x": expected a number as in 4 other rows, received "nil"$/,
  );
});

test('several currencies in a column are said', async () => {
  const { inputs, notes } = await load('price,k\n$5,a\n€ 7,b\n9 EUR,a\n');
  expect([...inputs]).toEqual([5, 7, 9]);
  expect(notes).toContain(
    'column price holds several currencies ($, €, EUR): the numbers alone are read',
  );
});

test('whole numbers that binary64 does not tell apart are said', async () => {
  const ids = [2n ** 60n, 2n ** 60n + 7n, 2n ** 60n + 600n].map(
    (id, at) => `${id},${'ab'[at % 2]}`,
  );
  const { notes } = await load(`id,k\n${ids.join('\n')}\n`);
  expect(notes![0]).toBe(
    'column id holds numbers above 2^53, where binary64 does not tell all whole numbers apart',
  );
});

test.each([
  ['y', ['y', 'N', 'Y', 'n'], ['n', 'y']],
  ['on', ['on', 'Off', 'ON', 'off'], ['off', 'on']],
  ['letters that mean more', ['y', 'N', 'Y', 'x'], ['N', 'Y', 'x', 'y']],
])('one spelling of %s', async (_, cells, categories) => {
  const { encoding } = await load(
    `f,x,k\n${cells.map((cell, at) => `${cell},${at / 2},${'ab'[at % 2]}`).join('\n')}\n`,
  );
  expect(encoding!.columns[0]!.categories).toEqual(categories);
});

// pandas.DataFrame(…).to_json(orient='index') and orient='columns' write these.
test.each([
  ['rows', '{"0":{"x":0.5,"k":"a"},"1":{"x":1.5,"k":"b"},"2":{"x":2.5,"k":"a"}}'],
  ['columns', '{"x":{"0":0.5,"1":1.5,"2":2.5},"k":{"0":"a","1":"b","2":"a"}}'],
])('JSON of %s by the index', async (_, text) => {
  const { inputs, encoding } = await load(text, {}, 'table.json');
  expect([...inputs]).toEqual([0.5, 1.5, 2.5]);
  expect(encoding!.label).toBe('k');
});

test('titles above the names are left out, and said', async () => {
  const { encoding, inputs, notes } = await load(`Our table,,\n,,\n${rows}`);
  expect(encoding!.label).toBe('k');
  expect([...inputs]).toEqual([...(await load(rows)).inputs]);
  expect(notes![0]).toMatch(/2 rows above the names of the columns are left out \("Our table"\)$/);
});

test('rows that are read as they come have neither titles nor comments', async () => {
  const path = temporaryFile(
    'table.csv',
    `# made\nOur table,,\n${rows.replaceAll('a\n', 'a # sure\n')}`,
  );
  const stream = await openRows(path);
  expect(stream.first).toEqual(['x', 'y', 'k']);
  const found: unknown[] = [];
  await stream.read(['number', 'number', 'text'], true, (cells, line) =>
    found.push([...cells, line]),
  );
  expect(found).toEqual([
    [0.5, 2, 'a', 4],
    [1.5, 3, 'b', 5],
    [2.5, 5, 'a', 6],
  ]);
});
