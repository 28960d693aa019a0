import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { loadDataset } from '../src/dataset.js';

const folder = fileURLToPath(new URL('fixtures/tables/', import.meta.url));
/** What NumPy reads, as flat lists, null for NaN (`fixtures/tables/make-arrays.py`). */
const read = JSON.parse(readFileSync(`${folder}arrays.json`, 'utf8')) as Record<
  string,
  Record<string, readonly (number | null)[]>
>;
const numbers = (values: readonly (number | null)[]): number[] =>
  values.map((value) => value ?? Number.NaN);

test('numbers that binary32 cannot tell apart are told apart', async () => {
  const { inputs, encoding, notes } = await loadDataset(`${folder}close.npz`);
  const offsets = encoding!.columns.map(({ offset = 0 }) => offset);
  expect(offsets).toEqual([1_700_000_000, 100_000_000, 0]);
  const expected = read['close.npz']!.x_train!.map((x, at) => Math.fround(x! - offsets[at % 3]!));
  expect([...inputs]).toEqual(expected);
  expect(new Set(expected.filter((_, at) => at % 3 === 1)).size).toBe(40);
  expect(notes).toHaveLength(2);
});

test('integers of 64 bits, too', async () => {
  const { inputs } = await loadDataset(`${folder}ids.npz`);
  expect([...inputs]).toEqual(Array.from({ length: 40 }, (_, i) => i));
});

test('numbers that are learnt, too', async () => {
  const { values, encoding } = await loadDataset(`${folder}targets.npz`, { task: 'regression' });
  const { offset } = encoding!.targets![0]!;
  expect(Array.from(values!, (value) => value + offset!)).toEqual(read['targets.npz']!.y);
});

test('missing numbers are NaN, and a feature says so', async () => {
  const { inputs, features, encoding } = await loadDataset(`${folder}gaps.npz`);
  expect(features).toBe(4);
  expect(encoding!.columns.every(({ missing }) => missing)).toBe(true);
  const expected = numbers(read['gaps.npz']!.X!).flatMap((x) => [x, Number(Number.isNaN(x))]);
  expect([...inputs]).toEqual(expected);
});

test.each(['fortran.npz', 'fortran-images.npz'])('%s is read in C order', async (file) => {
  const { inputs, encoding } = await loadDataset(`${folder}${file}`);
  expect([...inputs]).toEqual(numbers(read[file]!.X!));
  expect(encoding).toBeUndefined();
});

test('numbers of binary16', async () => {
  const { inputs } = await loadDataset(`${folder}half.npz`);
  expect([...inputs]).toEqual(numbers(read['half.npz']!.X!));
});

test('a table in Fortran order', async () => {
  const { inputs, labels } = await loadDataset(`${folder}fortran.npy`);
  const table = numbers(read['fortran.npy']!.X!);
  expect([...inputs]).toEqual(table.filter((_, at) => at % 2 === 0));
  expect([...labels]).toEqual(table.filter((_, at) => at % 2 === 1));
});

test.each(['delta-1.parquet', 'delta-2.parquet'])('%s: texts by their beginnings', async (file) => {
  const dataset = await loadDataset(`${folder}${file}`);
  const { categories } = dataset.encoding!.columns[0]!;
  const texts = Array.from({ length: 10 }, (_, i) => `https://example.org/${'ab'[i % 2]}/${i % 5}`);
  expect(categories).toEqual([...new Set(texts)].sort());
  const { inputs, features } = dataset;
  Array.from({ length: 40 }).forEach((_, row) => {
    const own = `https://example.org/${'ab'[row % 2]}/${row % 5}`;
    const at = row === 7 ? 10 : categories!.indexOf(own);
    const received = [...inputs.subarray(row * features, row * features + 11)];
    expect(received).toEqual(Array.from({ length: 11 }, (_zero, index) => Number(index === at)));
  });
});
