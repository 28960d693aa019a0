import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { readIdx } from '../src/idx.js';
import { errorOf, idxBytes } from './temporary.js';

const images = idxBytes([2, 2, 3], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 254, 255]);
const messageOf = async (bytes: Uint8Array) =>
  (await errorOf(() => readIdx(bytes, 'file'))).message;

test.each([
  ['plain', images],
  ['gzipped', gzipSync(images)],
  [
    'gzipped in two members',
    Buffer.concat([gzipSync(images.subarray(0, 9)), gzipSync(images.subarray(9))]),
  ],
  ['at an odd offset in a larger buffer', new Uint8Array([9, ...images]).subarray(1)],
])('reads images: %s', (_, bytes) => {
  const { dimensions, values } = readIdx(bytes, 'file');
  expect(dimensions).toEqual([2, 2, 3]);
  expect([...values]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 254, 255]);
});

test.each([[[3]], [[3, 1]], [[1, 3, 1]], [[1, 1, 1, 3]]])(
  'reads the dimensions %j',
  (dimensions) => {
    expect(readIdx(idxBytes(dimensions, [7, 8, 9]), 'file').dimensions).toEqual(dimensions);
  },
);

describe('refuses', () => {
  test.each([
    [
      'nothing',
      new Uint8Array(0),
      'file: expected an IDX file, received 0 bytes; the file is truncated',
    ],
    [
      'three bytes',
      images.subarray(0, 3),
      'file: expected an IDX file, received 3 bytes; the file is truncated',
    ],
    [
      'another format',
      Uint8Array.from([0x89, 0x50, 0x4e, 0x47]),
      'file: expected an IDX file (first bytes 00 00 08), received 89 50 4e',
    ],
    [
      'a second byte that is not 0',
      Uint8Array.from([0, 1, 8, 1, 0, 0, 0, 1, 5]),
      'file: expected an IDX file (first bytes 00 00 08), received 00 01 08',
    ],
    [
      'another type',
      Uint8Array.from([0, 0, 13, 1, 0, 0, 0, 1, 0, 0, 0, 0]),
      'file: expected unsigned bytes (IDX type 0x08), received type 0x0d (binary32)',
    ],
    [
      'an unknown type',
      Uint8Array.from([0, 0, 7, 1]),
      'file: expected unsigned bytes (IDX type 0x08), received type 0x07 (unknown)',
    ],
    ['no dimension', Uint8Array.from([0, 0, 8, 0]), 'file: expected 1 to 4 dimensions, received 0'],
    [
      'five dimensions',
      idxBytes([1, 1, 1, 1, 1], [1]),
      'file: expected 1 to 4 dimensions, received 5',
    ],
    [
      'a cut header',
      images.subarray(0, 15),
      'file: expected a header of 16 bytes (3 dimensions), received 15; the file is truncated',
    ],
    [
      'a dimension of 0',
      idxBytes([0, 28, 28], []),
      'file: expected dimensions of at least 1, received [0, 28, 28]',
    ],
    [
      'a cut file',
      images.subarray(0, 27),
      'file: expected 28 bytes (2 images of 2×3), received 27; the file is truncated',
    ],
    [
      'sizes that lie',
      idxBytes([60000, 28, 28], new Uint8Array(984)),
      'file: expected 47040016 bytes (60000 images of 28×28), received 1000; the file is truncated',
    ],
    [
      'sizes beyond any memory',
      idxBytes([0xffffffff, 0xffffffff], [1]),
      'file: expected at most 1073741824 bytes, received a header that says 18446744065119617000 (4294967295 rows of 4294967295)',
    ],
  ])('%s, plain and gzipped', async (_, bytes, message) => {
    expect(await messageOf(bytes)).toBe(message);
    expect(await messageOf(gzipSync(bytes))).toBe(message);
  });

  test('trailing bytes', async () => {
    const longer = Uint8Array.from([...images, 0, 0]);
    expect(await messageOf(longer)).toBe(
      'file: expected 28 bytes (2 images of 2×3), received 30; 2 bytes follow the end, or the header is wrong',
    );
    expect(await messageOf(gzipSync(longer))).toBe(
      'file: expected 28 bytes unpacked, as its header says, received more',
    );
  });

  test('gzip data cut short', async () => {
    const packed = gzipSync(images);
    expect(await messageOf(packed.subarray(0, -4))).toContain('bytes that do not unpack');
  });

  test('gzip data with a wrong check sum', async () => {
    const packed = gzipSync(images);
    packed[packed.length - 8]! ^= 1;
    const { message, fix } = await errorOf(() => readIdx(packed, 'file.gz'));
    expect(message).toContain('file.gz: expected gzip data, received bytes that do not unpack');
    expect(fix).toContain('damaged');
  });

  test('what only starts like gzip data', async () => {
    expect(await messageOf(Uint8Array.from([0x1f, 0x8b, 1, 2, 3]))).toContain('do not unpack');
  });

  test('a bomb, without unpacking all of it', async () => {
    const bomb = gzipSync(idxBytes([10], new Uint8Array(200_000_000)), { level: 1 });
    const before = process.memoryUsage().rss;
    expect(await messageOf(bomb)).toBe(
      'file: expected 18 bytes unpacked, as its header says, received more',
    );
    expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000);
  });
});
