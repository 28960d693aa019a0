import fc from 'fast-check';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, test } from 'vitest';
import { loadDataset } from '../src/dataset.js';
import { errorOf } from './temporary.js';
import { imageBytes, imageSchema, temporaryFile, temporaryTree } from './writers.js';

type Columns = Parameters<typeof parquetWriteBuffer>[0]['columnData'];

const table: Columns = [
  { name: 'age', data: [30, 41.5, -20], type: 'DOUBLE' },
  { name: 'count', data: [1n, 2n, 3n], type: 'INT64' },
  { name: 'town', data: ['Ulm', 'Bonn', 'Bonn'], type: 'STRING' },
  { name: 'old', data: [true, false, true], type: 'BOOLEAN' },
  { name: 'pay', data: ['low', 'high', 'low'], type: 'STRING' },
];
const bytesOf = (columnData: Columns, options = {}) =>
  Buffer.from(parquetWriteBuffer({ columnData, ...options }));
const load = (columnData: Columns) => loadDataset(temporaryFile('t.parquet', bytesOf(columnData)));

async function pictures(greys: readonly number[], labels: readonly number[]): Promise<Buffer> {
  const data = await Promise.all(
    greys.map(async (grey) => ({ bytes: await imageBytes('png', 1, 1, [grey]), path: null })),
  );
  return bytesOf(
    [
      { name: 'image', data },
      { name: 'label', data: [...labels] },
    ],
    {
      schema: imageSchema('image'),
    },
  );
}

test('reads a table', async () => {
  const dataset = await load(table);
  expect(dataset).toMatchObject({
    name: 't',
    features: 6,
    classNames: ['high', 'low'],
    trainCount: 3,
    encoding: {
      columns: [
        { name: 'age', categories: null },
        { name: 'count', categories: null },
        { name: 'town', categories: ['Bonn', 'Ulm'] },
        { name: 'old', categories: ['false', 'true'] },
      ],
      label: 'pay',
    },
  });
  expect([...dataset.inputs]).toEqual([30, 1, 0, 1, 0, 1, 41.5, 2, 1, 0, 1, 0, -20, 3, 1, 0, 0, 1]);
});

test('reads several row groups', async () => {
  const numbers = Array.from({ length: 5000 }, (_, index) => index);
  const columns: Columns = [
    { name: 'n', data: numbers, type: 'INT32' },
    { name: 'label', data: numbers.map((index) => `c${index % 3}`), type: 'STRING' },
  ];
  const path = temporaryFile('t.parquet', bytesOf(columns, { rowGroupSize: 700 }));
  const { inputs, labels, trainCount } = await loadDataset(path);
  expect(trainCount).toBe(5000);
  expect([...inputs]).toEqual(numbers);
  expect([...labels]).toEqual(numbers.map((index) => index % 3));
});

test('reads images as data hubs publish them, to train and test', async () => {
  const folder = temporaryTree({
    'train-00000-of-00002.parquet': await pictures([1, 2], [0, 1]),
    'train-00001-of-00002.parquet': await pictures([3], [1]),
    'test-00000-of-00001.parquet': await pictures([4], [0]),
  });
  const dataset = await loadDataset(folder, { imageSize: { height: 1, width: 1 } });
  expect(dataset).toMatchObject({ trainCount: 3, testCount: 1, classes: 2 });
  expect(dataset.inputs).toEqual(Uint8Array.of(1, 2, 3, 4));
  expect([...dataset.labels]).toEqual([0, 1, 1, 0]);
});

describe('refuses', () => {
  test.each<[string, Columns, string]>([
    [
      'a missing cell',
      [{ name: 'a', data: [1, null, 3], type: 'DOUBLE' }, table[4]!],
      'row 2, column "a": expected a value in every cell, received an empty cell; 1 cell in 1 row holds none ("a" 1)',
    ],
    [
      'NaN',
      [{ name: 'a', data: [1, Number.NaN, 3], type: 'DOUBLE' }, table[4]!],
      'row 2, column "a": expected a value in every cell, received NaN',
    ],
    [
      'an infinite number',
      [{ name: 'a', data: [1, Number.POSITIVE_INFINITY, 3], type: 'DOUBLE' }, table[4]!],
      'row 2, column "a": expected a number that binary32 can hold, received Infinity',
    ],
    [
      'structures',
      [{ name: 'a', data: [{ x: 1 }, { x: 2 }, { x: 3 }] }, table[4]!],
      'column "a": expected numbers, text, dates or true and false, received ',
    ],
    [
      'one class',
      [table[0]!, { name: 'pay', data: ['x', 'x', 'x'], type: 'STRING' }],
      'column "pay": expected at least two classes, received only "x"',
    ],
  ])('%s', async (_, columns, message) => {
    const file = temporaryFile('t.parquet', bytesOf(columns));
    const error = await errorOf(() => loadDataset(file, { missing: 'error' }));
    expect(error.message).toContain('t.parquet: ');
    expect(error.message).toContain(message);
  });

  test('an image that is none, naming the row', async () => {
    const bytes = bytesOf([
      { name: 'image', data: [Uint8Array.of(1, 2), Uint8Array.of(3)], type: 'BYTE_ARRAY' },
      { name: 'label', data: [0, 1], type: 'INT32' },
    ]);
    const { message } = await errorOf(() => loadDataset(temporaryFile('t.parquet', bytes)));
    expect(message).toMatch(
      /t\.parquet: row 1: expected a PNG, JPEG, WebP, GIF, TIFF or AVIF image, received/,
    );
  });

  test('a file that is cut anywhere', async () => {
    const whole = bytesOf(table);
    for (let length = 4; length < whole.length; length += 13) {
      const path = temporaryFile('t.parquet', whole.subarray(0, length));
      expect((await errorOf(() => loadDataset(path))).message).toContain(path);
    }
  });

  test('a file with any bytes changed in one error, without filling the memory', async () => {
    const whole = bytesOf(table);
    const change = fc.tuple(fc.nat(whole.length - 1), fc.nat(255));
    const before = process.memoryUsage().rss;
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
        const bytes = Buffer.from(whole);
        for (const [at, byte] of changes) bytes[at] = byte;
        const result = await loadDataset(temporaryFile('x.parquet', bytes)).catch(
          (error: unknown) => error,
        );
        if (result instanceof Error) expect(result.name).toBe('BitgradError');
      }),
      { numRuns: 600 },
    );
    expect(process.memoryUsage().rss - before).toBeLessThan(500_000_000);
  });
});
