import { splitDataset } from '@bitgrad/core';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, test } from 'vitest';
import { loadDataset } from '../src/dataset.js';
import { errorOf } from './temporary.js';
import {
  bytesOf,
  imageBytes,
  npyBytes,
  temporaryFile,
  temporaryTree,
  zipBytes,
} from './writers.js';

const rowsOf = (first: number, count: number): string =>
  Array.from({ length: count }, (_, i) => `${(first + i) / 4},${'xy'[i % 2]}\n`).join('');
const csv = (first: number, count: number): string => `a,b\n${rowsOf(first, count)}`;

test.each(['val', 'valid', 'validation'])(
  'uses the part %s of a folder of tables',
  async (name) => {
    const folder = temporaryTree({
      'train.csv': csv(0, 6),
      [`${name}.csv`]: csv(6, 4),
      'test.csv': csv(10, 2),
    });
    const dataset = await loadDataset(folder);
    expect(dataset).toMatchObject({ trainCount: 10, validationCount: 4, testCount: 2 });
    expect([...dataset.inputs]).toEqual(Array.from({ length: 12 }, (_, i) => i / 4));
    const { train, validation, test } = splitDataset(dataset, {
      subset: null,
      split: null,
      seed: 1,
    });
    expect([...train]).toEqual([0, 1, 2, 3, 4, 5]);
    expect([...validation]).toEqual([6, 7, 8, 9]);
    expect([...test]).toEqual([10, 11]);
    const old = await loadDataset(folder, { rules: 1 });
    expect(old).toMatchObject({ trainCount: 6, testCount: 2 });
    expect(old.validationCount).toBeUndefined();
  },
);

test('uses the validation part of Parquet files, arrays and folders of images', async () => {
  const parquet = (data: number[]): Uint8Array =>
    Buffer.from(
      parquetWriteBuffer({
        columnData: [
          { name: 'a', data, type: 'DOUBLE' },
          { name: 'b', data: data.map((_, i) => 'xy'[i % 2]!), type: 'STRING' },
        ],
      }),
    );
  const tables = temporaryTree({
    'train.parquet': parquet([1, 2]),
    'val.parquet': parquet([3, 4, 5]),
    'test.parquet': parquet([6]),
  });
  expect(await loadDataset(tables)).toMatchObject({
    trainCount: 5,
    validationCount: 3,
    testCount: 1,
  });

  const x = (count: number) =>
    npyBytes('<f4', [count, 1], bytesOf(new Float32Array(count).fill(2)));
  const y = (count: number) =>
    npyBytes(
      '|u1',
      [count],
      Uint8Array.from({ length: count }, (_, i) => i % 2),
    );
  const arrays = temporaryFile(
    'a.npz',
    zipBytes({ 'x_train.npy': x(4), 'y_train.npy': y(4), 'x_val.npy': x(3), 'y_val.npy': y(3) }),
  );
  expect(await loadDataset(arrays)).toMatchObject({
    trainCount: 7,
    validationCount: 3,
    testCount: 0,
  });

  const image = await imageBytes('png', 1, 1, [7]);
  const images = temporaryTree({
    'train/a/1.png': image,
    'train/b/1.png': image,
    'valid/a/1.png': image,
    'test/b/1.png': image,
  });
  expect(await loadDataset(images)).toMatchObject({
    trainCount: 3,
    validationCount: 1,
    testCount: 1,
  });
});

describe('images that do not decode', () => {
  const folderOfBad = async () => {
    const image = await imageBytes('png', 2, 2, [1, 2, 3, 4]);
    return temporaryTree({
      'a/1.png': image,
      'a/2.png': image.subarray(0, 20),
      'b/1.png': 'no image',
      'b/2.png': image,
      'b/3.png': '',
      'b/4.bmp': 'BM',
      'b/notes.txt': 'called otherwise',
    });
  };

  test('are all named at once', async () => {
    const { message, fix } = await errorOf(async () => loadDataset(await folderOfBad()));
    expect(message).toMatch(/^expected 7 images that decode, received 5 that do not\n {2}/);
    for (const name of ['a/2.png', 'b/1.png', 'b/3.png', 'b/notes.txt']) {
      expect(message).toContain(name);
    }
    expect(message).toMatch(/b\/4\.bmp: .*, received a BMP image$/m);
    expect(fix).toContain('--skip-bad');
  });

  test('are left out where that is asked for', async () => {
    const options = { skipBad: true, imageSize: { height: 1, width: 1 } };
    const dataset = await loadDataset(await folderOfBad(), options);
    expect(dataset).toMatchObject({ trainCount: 2, testCount: 0, classNames: ['a', 'b'] });
    expect([...dataset.labels]).toEqual([0, 1]);
    expect([...dataset.inputs]).toEqual([3, 3]);
    expect(dataset.notes![0]).toMatch(/^5 images are left out, as they do not decode:\n/);
    expect(dataset.notes![0]).toContain('b/3.png');
  });
});

test.each(['gif', 'tiff', 'avif'] as const)('reads %s images', async (format) => {
  const grey = [0, 255, 255, 0];
  const bytes = await imageBytes(format, 2, 2, grey);
  const folder = temporaryTree({ [`a/1.${format}`]: bytes, [`b/1.${format}`]: bytes });
  const { inputs } = await loadDataset(folder, { imageSize: { height: 2, width: 2 } });
  expect([...inputs].map((value) => (value > 127 ? 255 : 0))).toEqual([...grey, ...grey]);
});

test.each<[string, string | Uint8Array, string]>([
  ['a PDF', '%PDF-1.7\n', 'received a PDF document'],
  ['a HEIC image', Buffer.from('\0\0\0\x18ftypheic\0\0\0\0', 'latin1'), 'received a single HEIC'],
  [
    'a ZIP file',
    zipBytes({ 'notes.txt': Buffer.from('hello') }),
    'received a ZIP file (notes.txt)',
  ],
  [
    'a Word document',
    zipBytes({ '[Content_Types].xml': Buffer.from('x'), 'word/document.xml': Buffer.from('x') }),
    'received a document ([Content_Types].xml, word/document.xml)',
  ],
  ['an old Excel file', Buffer.from('d0cf11e0a1b11ae1', 'hex'), 'received an old Office document'],
  ['an HDF5 file', Buffer.from('\x89HDF\r\n\x1a\n', 'latin1'), 'received an HDF5 file'],
  ['a pickle', Buffer.from('80049500', 'hex'), 'received a Python pickle'],
  ['a GIF image', 'GIF89a', 'received a single GIF image'],
])('names %s for what it is', async (_, bytes, message) => {
  const { message: received } = await errorOf(() => loadDataset(temporaryFile('file', bytes)));
  expect(received).toContain(`expected a data set, ${message}`);
});

describe('parts of a table', () => {
  const parts = { trainCount: 10, validationCount: 4, testCount: 2 };

  test.each([
    ['called as in other tools', ['Training.csv', 'dev.csv', 'testing.csv']],
    ['with the name of the data before', ['iris_train.csv', 'iris_valid.csv', 'iris_test.csv']],
    ['in folders', ['train/1.csv', 'val/1.csv', 'test/1.csv']],
  ])('are read %s', async (_, [train, validation, test]) => {
    const folder = temporaryTree({
      [train!]: csv(0, 6),
      [validation!]: csv(6, 4),
      [test!]: csv(10, 2),
    });
    const dataset = await loadDataset(folder);
    expect(dataset).toMatchObject(parts);
    expect([...dataset.inputs]).toEqual(Array.from({ length: 12 }, (_unused, i) => i / 4));
  });

  test('are not lost because they are another kind of file', async () => {
    const folder = temporaryTree({ 'train.parquet': 'PAR1', 'test.csv': csv(0, 2) });
    const { message } = await errorOf(() => loadDataset(folder));
    expect(message).toContain(
      'expected all parts in one kind of file, received train.parquet, test.csv',
    );
  });

  test('that are not read are said', async () => {
    const folder = temporaryTree({ 'train.csv': csv(0, 6), 'sample.csv': 'id\n1\n' });
    expect((await loadDataset(folder)).notes).toContain(`${folder}: sample.csv is not read`);
  });

  test('are folders of images in any case', async () => {
    const image = await imageBytes('png', 1, 1, [7]);
    const folder = temporaryTree({
      'Training/a/1.png': image,
      'Training/b/1.png': image,
      'Testing/b/1.png': image,
    });
    expect(await loadDataset(folder)).toMatchObject({ trainCount: 2, testCount: 1 });
  });
});
