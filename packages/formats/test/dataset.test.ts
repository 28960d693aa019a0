import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadDataset } from '../src/dataset.js';
import { errorOf, idxBytes, temporaryFolder } from './temporary.js';

test('loads the embedded MNIST by its name', async () => {
  const { name, trainCount, testCount } = await loadDataset('mnist');
  expect({ name, trainCount, testCount }).toEqual({
    name: 'mnist',
    trainCount: 60_000,
    testCount: 10_000,
  });
});

test('loads a folder of IDX files', async () => {
  const images = idxBytes([2, 1, 1], [5, 6]);
  const labels = idxBytes([2], [0, 1]);
  const folder = temporaryFolder({
    'train-images-idx3-ubyte': images,
    'train-labels-idx1-ubyte': labels,
    't10k-images-idx3-ubyte': images,
    't10k-labels-idx1-ubyte': labels,
  });
  expect(await loadDataset(folder)).toMatchObject({ features: 1, classes: 2, trainCount: 2 });
});

test('says what it expected of anything else', async () => {
  const folder = temporaryFolder({
    'image.png': Buffer.from('89504e470d0a1a0a', 'hex'),
    'images-idx3-ubyte': idxBytes([1, 1, 1], [5]),
  });
  const messageOf = async (name: string) =>
    (await errorOf(() => loadDataset(join(folder, name)))).message;
  expect(await messageOf('none')).toMatch(
    /none": expected mnist, a file or a folder; nothing is there$/,
  );
  expect(await messageOf('image.png')).toMatch(
    /image.png: expected a data set, received a single PNG image$/,
  );
  expect(await messageOf('images-idx3-ubyte')).toMatch(
    /ubyte: expected a data set, received a single IDX file$/,
  );
});
