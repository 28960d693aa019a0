import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { readIdxDataset } from '../src/idx-dataset.js';
import { errorOf, idxBytes, temporaryFolder } from './temporary.js';

/** Three training and two test images of 1×2, labels up to 2. */
const files = {
  'train-images-idx3-ubyte': idxBytes([3, 1, 2], [1, 2, 3, 4, 5, 6]),
  'train-labels-idx1-ubyte': idxBytes([3], [0, 2, 1]),
  't10k-images-idx3-ubyte': idxBytes([2, 1, 2], [7, 8, 9, 10]),
  't10k-labels-idx1-ubyte': idxBytes([2], [2, 0]),
};

type Files = Record<string, Uint8Array>;
const renamed = (rename: (name: string) => string, change = (bytes: Uint8Array) => bytes): Files =>
  Object.fromEntries(Object.entries(files).map(([name, bytes]) => [rename(name), change(bytes)]));

test.each([
  ['as MNIST names them', files],
  ['gzipped', renamed((name) => `${name}.gz`, gzipSync)],
  ['with a dot', renamed((name) => name.replace('-idx', '.idx'))],
  ['with a dot, gzipped', renamed((name) => `${name.replace('-idx', '.idx')}.gz`, gzipSync)],
  ['unpacked by the browser but named .gz', renamed((name) => `${name}.gz`)],
  [
    'beside other files, the plain ones first',
    {
      ...renamed(
        (name) => `${name}.gz`,
        () => new Uint8Array(1),
      ),
      ...files,
    },
  ],
])('joins the four files: %s', async (_, given: Files) => {
  const folder = temporaryFolder(given);
  expect(await readIdxDataset(folder)).toEqual({
    name: basename(folder),
    inputs: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10),
    features: 2,
    image: { height: 1, width: 2 },
    labels: Uint32Array.of(0, 2, 1, 2, 0),
    classes: 3,
    trainCount: 3,
    testCount: 2,
  });
});

test.each([
  [[3, 2], [2, 2], 2],
  [[3, 1, 2, 1], [2, 1, 2, 1], 2],
])('takes samples of any shape: %j', async (train, testShape, features) => {
  const folder = temporaryFolder({
    ...files,
    'train-images-idx3-ubyte': idxBytes(train, [1, 2, 3, 4, 5, 6]),
    't10k-images-idx3-ubyte': idxBytes(testShape, [7, 8, 9, 10]),
  });
  expect(await readIdxDataset(folder)).toMatchObject({ features, image: null });
});

describe('refuses', () => {
  test.each(Object.keys(files))('a folder without %s', async (name) => {
    const rest: Files = { ...files };
    delete rest[name];
    const folder = temporaryFolder(rest);
    const { message, fix } = await errorOf(() => readIdxDataset(folder));
    expect(message).toContain(
      `${folder}: expected ${name} or ${name}.gz, received a folder with t`,
    );
    expect(fix).toContain('train-images-idx3-ubyte, train-labels-idx1-ubyte');
  });

  test('an empty folder', async () => {
    const { message } = await errorOf(() => readIdxDataset(temporaryFolder()));
    expect(message).toMatch(/expected train-images-idx3-ubyte .* received an empty folder$/);
  });

  test('no folder', async () => {
    const { message } = await errorOf(() => readIdxDataset(join(temporaryFolder(), 'none')));
    expect(message).toMatch(/none: expected a folder, received none that can be read \(ENOENT\)$/);
  });

  test('a folder in the place of a file', async () => {
    const folder = temporaryFolder({ ...files });
    const { message } = await errorOf(() =>
      readIdxDataset(join(folder, 'train-images-idx3-ubyte')),
    );
    expect(message).toContain('ENOTDIR');
  });

  test.each<[string, Files, string, string | undefined]>([
    [
      'swapped images and labels',
      {
        'train-images-idx3-ubyte': files['train-labels-idx1-ubyte'],
        'train-labels-idx1-ubyte': files['train-images-idx3-ubyte'],
      },
      'train-images-idx3-ubyte: expected images (2 to 4 dimensions), received 3 labels',
      'are swapped: exchange their names.',
    ],
    [
      'labels in both files',
      { 't10k-images-idx3-ubyte': files['t10k-labels-idx1-ubyte'] },
      't10k-images-idx3-ubyte: expected images (2 to 4 dimensions), received 2 labels',
      undefined,
    ],
    [
      'images in both files',
      { 't10k-labels-idx1-ubyte': files['t10k-images-idx3-ubyte'] },
      't10k-labels-idx1-ubyte: expected labels (1 dimension), received 2 images of 1×2',
      undefined,
    ],
    [
      'counts that disagree',
      { 'train-labels-idx1-ubyte': files['t10k-labels-idx1-ubyte'] },
      'train-labels-idx1-ubyte: expected 3 labels, one for each image of',
      undefined,
    ],
    [
      'test images of another size',
      { 't10k-images-idx3-ubyte': idxBytes([2, 2, 1], [7, 8, 9, 10]) },
      't10k-images-idx3-ubyte: expected samples of 1×2 as in',
      undefined,
    ],
    [
      'test images of another shape',
      { 't10k-images-idx3-ubyte': idxBytes([2, 2], [7, 8, 9, 10]) },
      'received 2 rows of 2',
      undefined,
    ],
    [
      'a test label that training never saw',
      { 't10k-labels-idx1-ubyte': idxBytes([2], [2, 3]) },
      't10k-labels-idx1-ubyte: expected labels from 0 to 2 as in',
      undefined,
    ],
    [
      'a single class',
      { 'train-labels-idx1-ubyte': idxBytes([3], [0, 0, 0]) },
      'train-labels-idx1-ubyte: expected labels of at least two classes, received only the label 0',
      undefined,
    ],
    [
      'a truncated file',
      { 't10k-labels-idx1-ubyte': files['t10k-labels-idx1-ubyte'].subarray(0, 9) },
      't10k-labels-idx1-ubyte: expected 10 bytes (2 labels), received 9; the file is truncated',
      'Download or copy it again.',
    ],
  ])('%s', async (_, changes, message, fix) => {
    const folder = temporaryFolder({ ...files, ...changes });
    const error = await errorOf(() => readIdxDataset(folder));
    expect(error.message).toContain(message);
    if (fix === undefined) expect(error.fix).toBeUndefined();
    else expect(error.fix).toContain(fix);
  });
});
