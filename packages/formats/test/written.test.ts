import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { RowEncoder, type TableEncoding } from '@bitgrad/core';
import { describe, expect, test } from 'vitest';
import { loadDataset } from '../src/dataset.js';
import { kindOfFile } from '../src/kind.js';
import type { LoadOptions } from '../src/options.js';
import { temporaryFile } from './writers.js';

/** A table of one column beside another and a label, quoted. */
function tableOf(cells: readonly string[], separator = ','): string {
  const rows = cells.map((cell, row) =>
    [`"${cell}"`, row % 3, row % 2 === 0 ? 'a' : 'b'].join(separator),
  );
  return `${['v', 'w', 'k'].join(separator)}\n${rows.join('\n')}\n`;
}

const load = (contents: string, options: LoadOptions = {}) =>
  loadDataset(temporaryFile('table.csv', contents), { task: 'auto', ...options });

/** The column's first feature in each row. */
async function valuesOf(cells: readonly string[], separator?: string): Promise<number[]> {
  const { inputs, features, encoding } = await load(tableOf(cells, separator));
  const { offset = 0, categories } = encoding!.columns[0]!;
  expect(categories).toBeNull();
  return cells.map((_, row) => Math.fround(inputs[row * features]! + offset));
}

interface Written {
  readonly name: string;
  readonly cells: readonly string[];
  readonly values: readonly number[];
}

// By make-written.py.
const WRITTEN: readonly Written[] = JSON.parse(
  readFileSync(new URL('./fixtures/tables/written.json', import.meta.url), 'utf8'),
);

describe('as pandas and Python read them', () => {
  test.each(WRITTEN)('$name', async ({ cells, values }) => {
    expect(await valuesOf(cells)).toEqual(values.map(Math.fround));
  });
});

// A `Date` would make one of four of them.
test.each(['moments.feather', 'moments.parquet'])('%s keeps microseconds', async (name) => {
  const path = fileURLToPath(new URL(`./fixtures/tables/${name}`, import.meta.url));
  const { inputs, features, encoding } = await loadDataset(path, { label: 'k' });
  const [first = [], second, third = []] = WRITTEN.slice(-3).map(({ values }) => values);
  expect(second).toEqual(first);
  const [v, n, e] = encoding!.columns;
  expect([v!.offset, n!.offset]).toEqual([first[0], first[0]]);
  expect([v, n, e].map((column) => column!.date!.unit)).toEqual(['seconds', 'seconds', 'seconds']);
  const at = [v, n, e].map((_, index) =>
    [v, n].slice(0, index).reduce((sum, column) => sum + 1 + column!.date!.parts.length, 0),
  );
  for (const row of [0, 1, 2, 3]) {
    expect(at.map((place) => inputs[row * features + place])).toEqual([
      Math.fround(first[row]! - first[0]!),
      Math.fround(first[row]! - first[0]!),
      Math.fround(third[row]! - (e!.offset ?? 0)),
    ]);
  }
});

test.each<[string, readonly string[], readonly number[]]>([
  ['minus of any length', ['−12', '–5', '-3', '7'], [-12, -5, -3, 7]],
  ['nothing of accountants', ['$ (1,200.50)', '$ -', '$ 9.00'], [-1200.5, 0, 9]],
  ['yen, won and lev', ['1,000円', '¥300', '2,000원', '5 лв'], [1000, 300, 2000, 5]],
  ['no cents', ['Fr. 12.–', '5,–', '6.--', '7.50'], [12, 5, 6, 7.5]],
  ['thin spaces between thousands', ['1\u2009234', '13\u2007000', '5'], [1234, 13000, 5]],
])('%s', async (_, cells, values) => {
  expect(await valuesOf(cells)).toEqual(values);
});

test.each([
  [
    ['Ja', 'nein', 'JA', 'Nein', 'ja', 'ja'],
    ['ja', 'nein'],
  ],
  [
    ['Oui', 'non', 'OUI', 'Non', 'oui', 'oui'],
    ['non', 'oui'],
  ],
  [
    ['Да', 'нет', 'ДА', 'Нет', 'да', 'да'],
    ['да', 'нет'],
  ],
  [
    ['WAHR', 'Falsch', 'wahr', 'FALSCH', 'wahr', 'wahr'],
    ['falsch', 'wahr'],
  ],
  [
    ['True', 'False', 'TRUE', 'true', 'FALSE', 'false'],
    ['false', 'true'],
  ],
])('%j are two categories', async (cells, categories) => {
  const { encoding } = await load(tableOf(cells));
  expect(encoding!.columns[0]!.categories).toEqual(categories);
});

test.each([
  [['1_000', '2_000', '1_000', '2_000'], 'texts that look like numbers, such as "1_000"'],
  [['٥', '٧', '٥', '٧'], 'texts that look like numbers, such as "٥"'],
  [["'5", "'7", "'5", "'7"], `texts that look like numbers, such as "'5"`],
  [['01234', '90210', '02139'], 'numbers with zeros before them, such as 01234'],
  [['1.234', '13.000', '5.678'], 'numbers such as 1.234: the point is a decimal one'],
])('%j are said', async (cells, words) => {
  const { notes } = await load(tableOf(cells));
  expect(notes!.join('\n')).toContain(words);
});

// Were there two ways to read many digits, each further one would double the time.
test('texts of many digits cost no more than others', async () => {
  const codes = Array.from('123456', (digit) => `${digit.repeat(34)}abcdef`);
  const { encoding } = await load(tableOf([...codes, ...codes]));
  expect(encoding!.columns[0]!.categories).toEqual(codes);
});

test('a text among dates is said', async () => {
  const days = ['2024-01-02', '0000-00-00', '2024-01-02', '2024-01-04', '2024-01-04', '2024-01-02'];
  const { notes, encoding } = await load(tableOf(days));
  expect(encoding!.columns[0]!.categories).toHaveLength(3);
  expect(notes).toContain(
    'column v holds dates but for "0000-00-00" (line 3): they are categories',
  );
  const { encoding: missing } = await load(
    tableOf(days.map((day) => day.replace('0000-00-00', 'NaT'))),
  );
  expect(missing!.columns[0]).toMatchObject({ date: { unit: 'days' }, missing: true });
});

test('quotes open a cell behind white space too', async () => {
  const { encoding, classNames, inputs } = await load(
    '"x", "t" ,\t"k"\n1.5, "a, ""b""", "yes"\n2.5, "c, \nd" , "no"\n',
  );
  expect(encoding).toMatchObject({
    columns: [{ name: 'x' }, { name: 't', categories: ['a, "b"', 'c, \nd'] }],
    label: 'k',
  });
  expect(classNames).toEqual(['no', 'yes']);
  expect([...inputs]).toEqual([1.5, 1, 0, 2.5, 0, 1]);
});

// What pickle.dumps writes by protocols 0, 1 and 4.
test.each([
  '(dp0\nVa\np1\n(lp2\nI1\naI2\nas.',
  '}q\0X\u0001\0\0\0aq\u0001]q\u0002s.',
  'ccopy_reg\n_reconstructor\np0\n(cpandas',
  '\u0080\u0004\u0095\u0010\0\0',
])('%j is a pickle', async (bytes) => {
  await expect(kindOfFile(temporaryFile('t.pkl', Buffer.from(bytes, 'latin1')))).rejects.toThrow(
    /received a Python pickle$/,
  );
});

describe('numbers of new rows', () => {
  const encoding: TableEncoding = {
    rules: 2,
    columns: [{ name: 'x', categories: null }],
    label: 'k',
  };

  test('are read by the file where it shows how, and else as what was learnt from', async () => {
    const like = { classes: 2, classNames: ['a', 'b'], encoding };
    const read = async (contents: string, decimal?: ',') => {
      const known = decimal ? { ...encoding, decimal } : encoding;
      return [...(await load(contents, { like: { ...like, encoding: known } })).inputs];
    };
    const values = [1.234, -0.345].map(Math.fround);
    expect(await read('x,k\n1.234,a\n-0.345,b\n', ',')).toEqual(values);
    expect(await read('x;k\n1,234;a\n-0,345;b\n')).toEqual(values);
    expect(await read('x;k\n1.250,75;a\n3,5;b\n')).toEqual([1250.75, 3.5]);
    expect(await read('x,k\n1.234,a\n-2.345,b\n', ',')).toEqual([1234, -2345]);
    expect(await read('x;k\n1,234;a\n-2,345;b\n')).toEqual([1234, -2345]);
    expect(await read('x;k\n1.234;a\n-2.345;b\n', ',')).toEqual([1234, -2345]);
  });

  test('without a word of a file are those of the encoding', () => {
    const features = new Float32Array(1);
    new RowEncoder({ ...encoding, decimal: ',' }).encode(['1.234'], features);
    expect([...features]).toEqual([1234]);
  });
});
