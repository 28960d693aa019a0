import { createHash } from 'node:crypto';
import { join } from 'node:path';
import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { loadDataset } from '../src/dataset.js';
import { decodeImage } from '../src/images/decode.js';
import { greyOf } from '../src/images/grey.js';
import { decodePlainPng } from '../src/images/png.js';
import { resize } from '../src/images/resize.js';
import { errorOf } from './temporary.js';
import { imageBytes, temporaryTree } from './writers.js';

const size = { height: 1, width: 2 };

test('reads class folders in the order of their names', async () => {
  const folder = temporaryTree({
    'dog/b.png': await imageBytes('png', 2, 1, [5, 6]),
    'dog/a.webp': await imageBytes('webp', 2, 1, [3, 4]),
    'cat/1.PNG': await imageBytes('png', 2, 1, [1, 2]),
    'cat/.hidden': 'x',
    'cat/Thumbs.db': 'x',
    'read me.txt': 'x',
  });
  const dataset = await loadDataset(folder, { imageSize: size });
  expect(dataset).toMatchObject({
    image: size,
    features: 2,
    classNames: ['cat', 'dog'],
    trainCount: 3,
    testCount: 0,
  });
  expect([...dataset.inputs]).toEqual([1, 2, 3, 4, 5, 6]);
  expect([...dataset.labels]).toEqual([0, 1, 1]);
});

test('reads train and test folders; digits are classes without names, sorted by size', async () => {
  const image = await imageBytes('png', 1, 1, [9]);
  const folder = temporaryTree({
    ...Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`train/${i}/x.png`, image])),
    'test/10/x.png': image,
  });
  const { labels, classNames, trainCount, testCount, image: resized } = await loadDataset(folder);
  expect({ classNames, trainCount, testCount }).toEqual({ trainCount: 11, testCount: 1 });
  expect([...labels]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10]);
  expect(resized).toEqual({ height: 28, width: 28 });
});

test("images beside the classes' folders are said", async () => {
  const image = await imageBytes('png', 1, 1, [9]);
  const classes = { 'cat/1.png': image, 'dog/1.png': image, 'read me.txt': 'x' };
  expect((await loadDataset(temporaryTree(classes))).notes ?? []).toEqual([]);
  const parts = Object.fromEntries(
    ['train', 'test'].flatMap((part) =>
      Object.entries(classes).map(([path, file]) => [`${part}/${path}`, file]),
    ),
  );
  for (const files of [
    { ...classes, '1.png': image },
    { ...parts, 'test/1.png': image },
  ]) {
    const { notes } = await loadDataset(temporaryTree(files));
    expect(notes).toEqual([
      expect.stringMatching(/[/\\]1\.png is not read: it lies in no class's folder$/),
    ]);
  }
});

test("follows a model's classes", async () => {
  const folder = temporaryTree({ 'b/1.png': await imageBytes('png', 1, 1, [9]) });
  const like = { classes: 3, classNames: ['a', 'b', 'c'] };
  expect(await loadDataset(folder, { like })).toMatchObject({ classes: 3, trainCount: 1 });
});

describe('decoding', () => {
  test('turns an image upright', async () => {
    const bytes = await sharp(Uint8Array.of(0, 255), { raw: { width: 2, height: 1, channels: 1 } })
      .withMetadata({ orientation: 6 })
      .png()
      .toBuffer();
    expect(await decodeImage(bytes, 'x')).toMatchObject({ width: 1, height: 2 });
  });

  test('of 16 bits keeps the high byte', async () => {
    const raw = { width: 1, height: 1, channels: 3 } as const;
    const bytes = await sharp(Uint16Array.of(0x1234, 0x5678, 0x9abc), { raw })
      .toColourspace('rgb16')
      .png()
      .toBuffer();
    expect([...(await decodeImage(bytes, 'x')).pixels]).toEqual([0x12, 0x56, 0x9a, 255]);
  });

  test('of a plain PNG is what the general decoder gives', async () => {
    const cases = fc
      .record({
        width: fc.integer({ min: 1, max: 20 }),
        height: fc.integer({ min: 1, max: 20 }),
        channels: fc.constantFrom(1 as const, 3 as const, 4 as const),
        slope: fc.integer({ min: 0, max: 40 }),
      })
      .map(({ slope, ...raw }) => ({
        raw,
        values: Uint8Array.from(
          { length: raw.width * raw.height * raw.channels },
          (_, index) => (index * slope) ^ ((index * index) >> 3),
        ),
      }));
    await fc.assert(
      fc.asyncProperty(cases, fc.boolean(), async ({ raw, values }, adaptiveFiltering) => {
        const png = await sharp(values, { raw }).png({ adaptiveFiltering }).toBuffer();
        const general = await sharp(png).toColourspace('srgb').ensureAlpha().raw().toBuffer();
        const plain = decodePlainPng(png);
        expect(plain?.pixels).toEqual(new Uint8Array(general));
      }),
      { numRuns: 60 },
    );
  });

  // The bytes of a JPEG and what it decodes to are pinned, so that a machine that decodes it in
  // another way is found.
  test('gives the same pixels of a JPEG everywhere', async () => {
    const { pixels, width, height } = await decodeImage(Buffer.from(pinnedJpeg, 'base64'), 'x');
    expect({ width, height }).toEqual({ width: 16, height: 16 });
    expect(createHash('sha256').update(pixels).digest('hex')).toBe(pinnedPixels);
  });

  test.each(['png', 'jpeg', 'webp'] as const)(
    'refuses a %s that is cut or damaged',
    async (kind) => {
      const noise = Array.from({ length: 64 * 64 }, (_, i) => (i * i * 31) & 255);
      const bytes = await imageBytes(kind, 64, 64, noise);
      for (const part of [0.05, 0.5, 0.9]) {
        const cut = bytes.subarray(0, Math.floor(bytes.length * part));
        const { message } = await errorOf(() => decodeImage(cut, 'folder/x'));
        expect(message).toMatch(
          /^folder\/x: expected a (PNG, JPEG, WebP, GIF, TIFF or AVIF|PNG|JPEG|WebP) image, received bytes that/,
        );
      }
    },
  );

  test('refuses a picture that says it is huge', async () => {
    const bytes = Buffer.from(await imageBytes('png', 1, 1, [0]));
    bytes.writeUInt32BE(100_000, 16);
    bytes.writeUInt32BE(100_000, 20);
    expect((await errorOf(() => decodeImage(bytes, 'x'))).message).toMatch(/^x: expected/);
  });

  test('refuses CMYK', async () => {
    const bytes = await sharp(Uint8Array.of(1, 2, 3), { raw: { width: 1, height: 1, channels: 3 } })
      .toColourspace('cmyk')
      .jpeg()
      .toBuffer();
    expect((await errorOf(() => decodeImage(bytes, 'x'))).message).toBe(
      'x: expected grey or RGB, received CMYK, the colours of printing',
    );
  });
});

describe('grey', () => {
  const greyPixel = (...pixels: number[]) =>
    greyOf({ width: 1, height: 1, pixels: Uint8Array.from(pixels) })[0];

  test('keeps every grey', () => {
    for (let v = 0; v < 256; v += 1) expect(greyPixel(v, v, v, 255)).toBe(v);
  });

  test.each([
    [[255, 0, 0, 255], 76],
    [[0, 255, 0, 255], 150],
    [[0, 0, 255, 255], 29],
    [[0, 0, 0, 0], 255],
    [[0, 0, 0, 128], 127],
  ])('of %j is %i', (pixel, grey) => {
    expect(greyPixel(...pixel)).toBe(grey);
  });
});

describe('resizing', () => {
  const side = fc.integer({ min: 1, max: 12 });
  const cases = fc.tuple(side, side, side, side).chain(([height, width, toHeight, toWidth]) =>
    fc.uint8Array({ minLength: height * width, maxLength: height * width }).map((grey) => ({
      grey,
      from: { height, width },
      to: { height: toHeight, width: toWidth },
    })),
  );

  test('is the mean of the area under a pixel, to a half', () => {
    fc.assert(
      fc.property(cases, ({ grey, from, to }) => {
        const out = new Uint8Array(to.height * to.width);
        resize(grey, from, to, out);
        out.forEach((value, index) => {
          const mean = meanUnder(grey, from, to, index);
          expect(Math.abs(value - mean)).toBeLessThanOrEqual(0.5 + 1e-9);
        });
      }),
    );
  });

  test('to the same size changes nothing', () => {
    fc.assert(
      fc.property(cases, ({ grey, from }) => {
        const out = new Uint8Array(grey.length);
        resize(grey, from, from, out);
        expect(out).toEqual(grey);
      }),
    );
  });
});

/** The mean under a target pixel, on a grid so fine that every pixel covers whole squares of it. */
function meanUnder(
  grey: Uint8Array,
  from: { height: number; width: number },
  to: { height: number; width: number },
  index: number,
): number {
  const row = Math.floor(index / to.width);
  const column = index % to.width;
  let sum = 0;
  for (let y = row * from.height; y < (row + 1) * from.height; y += 1) {
    for (let x = column * from.width; x < (column + 1) * from.width; x += 1) {
      sum += grey[Math.floor(y / to.height) * from.width + Math.floor(x / to.width)]!;
    }
  }
  return sum / (from.height * from.width);
}

describe('refuses a folder', () => {
  test.each<[string, Record<string, string>, string]>([
    ['with nothing', {}, 'received an empty folder'],
    ['with other files', { 'a.txt': 'x' }, 'received a.txt'],
    ['with an empty class', { 'a/.keep': '', 'b/1.png': 'x' }, 'a: expected images, received none'],
    [
      'with other files in a class',
      { 'a/1.txt': 'x' },
      '1.txt: expected PNG, JPEG, WebP, GIF, TIFF or AVIF images',
    ],
    [
      'with folders in a class',
      { 'a/b/1.png': 'x', 'c/1.png': '' },
      'a: expected images, received the folder b',
    ],
    [
      'with an image that is none',
      { 'a/1.png': 'hello', 'b/1.png': 'x' },
      '1.png: expected a PNG, JPEG, WebP, GIF, TIFF or AVIF image, received bytes that start 68656c6c',
    ],
    [
      'with an empty image',
      { 'a/1.png': '', 'b/1.png': 'x' },
      '1.png: expected a PNG, JPEG, WebP, GIF, TIFF or AVIF image, received an empty file',
    ],
  ])('%s', async (_, files, message) => {
    expect((await errorOf(() => loadDataset(temporaryTree(files)))).message).toContain(message);
  });

  test('with one class', async () => {
    const folder = temporaryTree({ 'a/1.png': await imageBytes('png', 1, 1, [1]) });
    expect((await errorOf(() => loadDataset(folder))).message).toContain(
      'expected at least two classes, received only "a"',
    );
  });

  test('with a class to test that was never trained', async () => {
    const image = await imageBytes('png', 1, 1, [1]);
    const folder = temporaryTree({
      'train/cat/1.png': image,
      'train/dog/1.png': image,
      'test/cats/1.png': image,
    });
    const { message, fix } = await errorOf(() => loadDataset(folder));
    expect(message).toBe(
      `${join(folder, 'test')}: expected one of 2 classes ("cat", "dog"), received "cats"`,
    );
    expect(fix).toBe('Did you mean "cat"?');
  });
});

const pinnedJpeg =
  '/9j/2wBDAA0JCgsKCA0LCgsODg0PEyAVExISEyccHhcgLikxMC4pLSwzOko+MzZGNywtQFdBRkxOUlNSMj5aYVpQYEpRUk//2wBDAQ4ODhMREyYVFSZPNS01T09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT0//wAARCAAQABADASIAAhEBAxEB/8QAFgABAQEAAAAAAAAAAAAAAAAAAgAD/8QAHhAAAwACAgMBAAAAAAAAAAAAAQIDABESIRMiMWH/xAAUAQEAAAAAAAAAAAAAAAAAAAAA/8QAGBEAAgMAAAAAAAAAAAAAAAAAADIxUfD/2gAMAwEAAhEDEQA/ABCypJIzPJvjAdaGaVj5Kh3bU1HsF+n8yskoszy48Cdh2wTa4UtUBN9kk9DDaw0H/9k=';
const pinnedPixels = '7839f4ad7a049d93e84f9b6a14d2df3cd6e120c2462b741c6a47dd0edc0869b6';
