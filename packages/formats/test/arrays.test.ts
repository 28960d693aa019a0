import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadDataset } from '../src/dataset.js';
import type { LoadOptions } from '../src/options.js';
import { errorOf } from './temporary.js';
import { bytesOf, npyBytes, temporaryFile, temporaryTree, zipBytes } from './writers.js';

const images = npyBytes('|u1', [3, 1, 2], Uint8Array.of(1, 2, 3, 4, 5, 6));
const labels = npyBytes('<i8', [3], bytesOf(BigInt64Array.of(0n, 1n, 1n)));
const load = (entries: Record<string, Uint8Array>, options?: LoadOptions) =>
  loadDataset(temporaryFile('data.npz', zipBytes(entries)), options);

test('reads images and labels to train and test', async () => {
  const dataset = await load({
    'x_train.npy': images,
    'y_train.npy': labels,
    'x_test.npy': images,
    'y_test.npy': labels,
    'other.npy': Uint8Array.of(1),
  });
  expect(dataset).toMatchObject({
    name: 'data',
    image: { height: 1, width: 2 },
    features: 2,
    classes: 2,
    trainCount: 3,
    testCount: 3,
  });
  expect(dataset.inputs).toEqual(Uint8Array.of(1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6));
  expect([...dataset.labels]).toEqual([0, 1, 1, 0, 1, 1]);
});

test.each([
  ['train_images', 'train_labels'],
  ['images', 'labels'],
  ['X', 'y'],
  ['data', 'target'],
])('knows the names %s and %s', async (x, y) => {
  expect(await load({ [`${x}.npy`]: images, [`${y}.npy`]: labels })).toMatchObject({
    trainCount: 3,
    testCount: 0,
  });
});

test.each([
  ['<f4', Float32Array.of(1.5, -2, 3, 4, 5, 6)],
  ['<f8', Float64Array.of(1.5, -2, 3, 4, 5, 6)],
])('reads numbers %s as binary32', async (type, values) => {
  const { inputs, image } = await load({
    'x.npy': npyBytes(type, [3, 2], bytesOf(values)),
    'y.npy': labels,
  });
  expect(inputs).toEqual(Float32Array.of(1.5, -2, 3, 4, 5, 6));
  expect(image).toBeNull();
});

test('reads the other order of bytes', async () => {
  const bytes = Uint8Array.of(1, 0, 0, 2, 0xff, 0xff);
  const { inputs } = await load({ 'x.npy': npyBytes('>i2', [3, 1], bytes), 'y.npy': labels });
  expect([...inputs]).toEqual([256, 2, -1]);
});

test('turns colours into grey', async () => {
  const colours = Uint8Array.of(255, 0, 0, 0, 255, 0, 7, 7, 7);
  const { inputs, image } = await load(
    { 'x.npy': npyBytes('|u1', [3, 1, 1, 3], colours), 'y.npy': labels },
    { channels: 'grey' },
  );
  expect(inputs).toEqual(Uint8Array.of(76, 150, 7));
  expect(image).toEqual({ height: 1, width: 1 });
});

test('reads numbers to be learnt', async () => {
  const targets = npyBytes('<f8', [3, 2], bytesOf(Float64Array.of(1, 2, 3, 4, 5, 6.5)));
  const dataset = await load({ 'x.npy': images, 'y.npy': targets }, { task: 'regression' });
  expect([...dataset.values!]).toEqual([1, 2, 3, 4, 5, 6.5]);
  expect(dataset.classes).toBe(0);
});

test('reads a folder of NPY files, and one NPY file as a table', async () => {
  const folder = temporaryTree({ 'x_train.npy': images, 'y_train.npy': labels });
  expect(await loadDataset(folder)).toMatchObject({ trainCount: 3, classes: 2 });
  const table = npyBytes('<f8', [2, 3], bytesOf(Float64Array.of(1, 2, 0, 3, 4, 1)));
  const dataset = await loadDataset(temporaryFile('table.npy', table));
  expect(dataset).toMatchObject({ features: 2, classes: 2, trainCount: 2 });
  expect([...dataset.inputs]).toEqual([1, 2, 3, 4]);
});

test('reads any numbers over any cuts of the file', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), {
        minLength: 2,
        maxLength: 99,
      }),
      async (numbers) => {
        const values = Float32Array.from(numbers);
        const { inputs } = await load({
          'x.npy': npyBytes('<f4', [values.length, 1], bytesOf(values)),
          'y.npy': npyBytes(
            '|u1',
            [values.length],
            Uint8Array.from(values, (_, i) => i % 2),
          ),
        });
        expect(inputs).toEqual(values);
      },
    ),
    { numRuns: 20 },
  );
});

describe('refuses', () => {
  const good = { 'x.npy': images, 'y.npy': labels };
  const x = (bytes: Uint8Array) => ({ ...good, 'x.npy': bytes });
  const y = (bytes: Uint8Array) => ({ ...good, 'y.npy': bytes });
  const floats = (...values: number[]) => bytesOf(Float32Array.from(values));

  test.each<[string, Record<string, Uint8Array>, string]>([
    ['no arrays', {}, 'expected the arrays "x_train" and "y_train", received no arrays'],
    [
      'other arrays',
      { 'a.npy': images },
      'expected the arrays "x_train" and "y_train", received "a"',
    ],
    [
      'what is no array',
      x(Buffer.from('hello world')),
      ': x: expected an NPY array (first bytes 93 4e 55), received 68656c',
    ],
    [
      'an empty array file',
      x(new Uint8Array(0)),
      ': x: expected an NPY array, received a header that is cut off',
    ],
    [
      'a cut header',
      x(images.subarray(0, 40)),
      ': x: expected an NPY array, received a header that is cut off',
    ],
    [
      'an unknown version',
      x(Buffer.concat([images.subarray(0, 6), Buffer.from([9, 0]), images.subarray(8)])),
      ': x: expected NPY version 1, 2 or 3, received 9',
    ],
    [
      'a cut array',
      x(images.subarray(0, -1)),
      ': x: expected 134 bytes for the shape (3, 1, 2) of u1, received 133',
    ],
    [
      'a header that lies',
      x(npyBytes('|u1', [2 ** 40, 1], Uint8Array.of(1))),
      ': x: expected inputs of at most 1073741824 bytes, received 1099511627776 samples',
    ],
    ['objects', x(npyBytes('|O', [3], new Uint8Array(24))), ': x: expected'],
    [
      'objects as labels',
      y(npyBytes('|O', [3], new Uint8Array(24))),
      ': y: expected an array of numbers, received Python objects',
    ],
    [
      'text',
      y(npyBytes('<U3', [3], new Uint8Array(36))),
      ': y: expected b1, u1, i1, u2, i2, u4, i4, u8, i8, f2, f4, f8, received the type U3',
    ],
    [
      'records',
      y(npyBytes("<f4', 'x", [3], new Uint8Array(12))),
      ': y: expected a header with descr, fortran_order and shape, received',
    ],
    [
      'a shape of none',
      x(npyBytes('|u1', [0, 1], new Uint8Array(0))),
      ': x: expected sizes of at least 1, received the shape (0, 1)',
    ],
    [
      'one dimension',
      x(npyBytes('|u1', [3], new Uint8Array(3))),
      ': x: expected samples [count, features] or images [count, height, width], received the shape (3) of u1',
    ],
    [
      'an infinite number',
      x(npyBytes('<f4', [3, 2], floats(1, 2, 3, Number.POSITIVE_INFINITY, 5, 6))),
      ': x: expected numbers that binary32 can hold, received Infinity (sample 1, feature 1, both counted from 0)',
    ],
    [
      'too few labels',
      y(npyBytes('|u1', [2], Uint8Array.of(0, 1))),
      ': y: expected 3 labels, one a sample, received 2',
    ],
    [
      'one-hot labels',
      y(npyBytes('|u1', [3, 2], new Uint8Array(6))),
      ': y: expected one label a sample, received the shape (3, 2)',
    ],
    [
      'labels with fractions',
      y(npyBytes('<f4', [3], floats(0, 1, 0.5))),
      ': y: expected whole numbers as labels, received 0.5 (sample 2, counted from 0)',
    ],
    [
      'one class',
      y(npyBytes('|u1', [3], new Uint8Array(3))),
      ': y: expected at least two classes, received only "0"',
    ],
    [
      'a test part of another size',
      {
        'x_train.npy': images,
        'y_train.npy': labels,
        'x_test.npy': npyBytes('|u1', [3, 2, 2], new Uint8Array(12)),
        'y_test.npy': labels,
      },
      ': x_test: expected samples of 1×2 bytes as in the training part, received 2×2 bytes',
    ],
    [
      'a class that was never trained',
      {
        'x_train.npy': images,
        'y_train.npy': labels,
        'x_test.npy': images,
        'y_test.npy': npyBytes('|u1', [3], Uint8Array.of(0, 1, 2)),
      },
      ': y_test: sample 2: expected one of 2 classes ("0", "1"), received "2"',
    ],
  ])('%s', async (_, entries, message) => {
    expect((await errorOf(() => load(entries))).message).toContain(message);
  });

  test('how to number texts, which are no numbers to convert', async () => {
    const texts = y(npyBytes('<U3', [3], new Uint8Array(36)));
    expect((await errorOf(() => load(texts))).fix).toContain('numpy.unique(array, return_inverse');
  });

  const refusal = async (bytes: Uint8Array) =>
    (await errorOf(() => loadDataset(temporaryFile('data.npz', bytes)))).message;

  test('an entry that unpacks to more than it says', async () => {
    expect(await refusal(zipBytes(good, { unpackedSize: 130 }))).toMatch(
      /does not read|damaged|expected/,
    );
    const bomb = zipBytes(x(npyBytes('|u1', [100_000_000, 1], new Uint8Array(100_000_000))), {
      unpackedSize: 200,
    });
    const before = process.memoryUsage().rss;
    expect(await refusal(bomb)).toMatch(/data\.npz: x: expected/);
    expect(process.memoryUsage().rss - before).toBeLessThan(80_000_000);
  });

  test('an entry with a wrong check sum', async () => {
    const path = await refusal(zipBytes(good, { sum: crc32('other') }));
    expect(path).toMatch(/: y: expected the CRC-32 .* received|: x: expected the CRC-32/);
  });

  test('a file that is cut anywhere', async () => {
    const whole = zipBytes(good);
    for (let length = 1; length < whole.length; length += 7) {
      expect(await refusal(whole.subarray(0, length))).toMatch(/data\.npz/);
    }
  });

  test('a file with any byte changed, or reads the same', async () => {
    const whole = zipBytes(good);
    const straight = await load(good);
    await fc.assert(
      fc.asyncProperty(
        fc.nat(whole.length - 1),
        fc.integer({ min: 1, max: 255 }),
        async (at, change) => {
          const bytes = Buffer.from(whole);
          bytes[at]! ^= change;
          const path = temporaryFile('data.npz', bytes);
          const result = await loadDataset(path).catch((error: unknown) => error);
          if (result instanceof Error) expect(result.name).toBe('BitgradError');
          else expect(result).toEqual(straight);
        },
      ),
      { numRuns: 150 },
    );
  });
});
