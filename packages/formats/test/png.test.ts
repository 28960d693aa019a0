import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { decodePlainPng } from '../src/images/png.js';
import { pngSize } from '../src/images/png-parts.js';
import { type PngParts, pngBytes, pngChunk } from './writers.js';

/** What each filter compares a byte with: the bytes before it, above it, and before that one. */
const FILTERS: readonly ((left: number, above: number, corner: number) => number)[] = [
  () => 0,
  (left) => left,
  (_left, above) => above,
  (left, above) => Math.floor((left + above) / 2),
  // The nearest to left + above − corner, in the order left, above, corner (PNG specification, 9.4).
  (left, above, corner) => {
    const estimate = left + above - corner;
    const far = [left, above, corner].map((value) => Math.abs(estimate - value));
    return [left, above, corner][far.indexOf(Math.min(...far))]!;
  },
];

/** Rows of a PNG file as its specification has them, section 9, each by a filter. */
function filtered(pixels: readonly number[][], channels: number, filters: readonly number[]) {
  return pixels.map((row, y) => {
    const filter = filters[y % filters.length]!;
    const bytes = row.map((value, x) => {
      const above = pixels[y - 1]?.[x] ?? 0;
      const left = row[x - channels] ?? 0;
      const corner = pixels[y - 1]?.[x - channels] ?? 0;
      return (value - FILTERS[filter]!(left, above, corner) + 256) % 256;
    });
    return [filter, ...bytes];
  });
}

const KINDS = [
  [0, 1],
  [2, 3],
  [6, 4],
] as const;
/** Numbers without a pattern, so that each neighbour is another. */
const pixelsOf = (width: number, height: number): number[][] =>
  Array.from({ length: height }, (_, y) =>
    Array.from(
      { length: width },
      (_unused, x) => (x * x * 37 + y * 91 + ((x * y * 53) % 101)) % 256,
    ),
  );

describe('a plain PNG is what the general decoder makes of it:', () => {
  const cases = KINDS.flatMap(([colour, channels]) =>
    [[0], [1], [2], [3], [4], [4, 3, 2, 1, 0]].map(
      (filters) => [colour, channels, filters] as const,
    ),
  );
  test.each(cases)(
    'colours %i, of %i channels, by the filters %j',
    async (colour, channels, filters) => {
      const [width, height] = [5, 6];
      const pixels = pixelsOf(width * channels, height);
      for (const pieces of [1, 3]) {
        const bytes = pngBytes(filtered(pixels, channels, filters), {
          width,
          height,
          colour,
          pieces,
        });
        const general = await sharp(bytes).toColourspace('srgb').ensureAlpha().raw().toBuffer();
        expect(decodePlainPng(bytes)).toEqual({ width, height, pixels: Uint8Array.from(general) });
      }
    },
  );
});

const rows = [
  [0, 1, 2],
  [0, 3, 4],
];
const size: PngParts = { width: 2, height: 2 };

describe('a PNG of another kind is left to the general decoder:', () => {
  test('which this one is not', () => {
    const before = [['tEXt', Buffer.from('a\0b')]] as const;
    const pixels = Uint8Array.of(1, 1, 1, 255, 2, 2, 2, 255, 3, 3, 3, 255, 4, 4, 4, 255);
    expect(decodePlainPng(pngBytes(rows, size))?.pixels).toEqual(pixels);
    expect(decodePlainPng(pngBytes(rows, { ...size, before }))?.pixels).toEqual(pixels);
  });

  test.each<[string, number[][], Partial<PngParts>]>([
    ['a palette', rows, { before: [['PLTE', Uint8Array.of(1, 2, 3)]] }],
    ['a transparent colour', rows, { before: [['tRNS', Uint8Array.of(0, 1)]] }],
    ['a way up', rows, { before: [['eXIf', Uint8Array.of(0, 1)]] }],
    ['colours by a palette', rows, { colour: 3 }],
    ['grey with opacity', rows, { colour: 4, width: 1 }],
    ['1 bit', rows, { bits: 1 }],
    ['16 bits', rows, { bits: 16, width: 1 }],
    ['another compression', rows, { methods: [1, 0, 0] }],
    ['other filters', rows, { methods: [0, 1, 0] }],
    ['interlacing', rows, { methods: [0, 0, 1] }],
    [
      'an unknown filter',
      [
        [0, 1, 2],
        [5, 3, 4],
      ],
      {},
    ],
    ['too few rows', rows, { height: 3 }],
    ['too many rows', rows, { height: 1 }],
    ['a width of 0', rows, { width: 0 }],
    ['a height of 0', [], { height: 0 }],
    ['no width and no height', [[]], { width: 0, height: 0 }],
  ])('%s', (_, some, parts) => {
    expect(decodePlainPng(pngBytes(some, { ...size, ...parts }))).toBeUndefined();
  });

  test('any that is cut', () => {
    const whole = pngBytes(rows, size);
    for (let length = 8; length < whole.length; length += 1) {
      expect(decodePlainPng(whole.subarray(0, length))).toBeUndefined();
    }
    expect(decodePlainPng(Buffer.concat([whole, Buffer.from('more')]))).toBeDefined();
  });

  test('any whose bytes are others than their check sums say', () => {
    const whole = pngBytes(rows, size);
    for (let at = 8; at < whole.length; at += 1) {
      const bytes = Buffer.from(whole);
      bytes[at]! ^= 1;
      expect(decodePlainPng(bytes)).toBeUndefined();
    }
  });

  test.each<[string, Buffer[]]>([
    ['no header', []],
    [
      'a header that is not the first',
      [pngChunk('tEXt', Buffer.from('a\0b')), pngChunk('IHDR', Buffer.alloc(13, 1))],
    ],
    ['a shorter header', [pngChunk('IHDR', Buffer.alloc(12, 1))]],
    ['a longer header', [pngChunk('IHDR', Buffer.alloc(14, 1))]],
  ])('one with %s', (_, chunks) => {
    const start = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
    const end = pngChunk('IEND', new Uint8Array(0));
    expect(decodePlainPng(Buffer.concat([start, ...chunks, end]))).toBeUndefined();
  });

  test('one that unpacks to more than it says', () => {
    const bytes = pngBytes([[0, ...Array(100_000).fill(0)]], size);
    expect(decodePlainPng(bytes)).toBeUndefined();
  });
});

test('a PNG says its size in its first 33 bytes', () => {
  const bytes = pngBytes(rows, { width: 70_000, height: 3 });
  expect(pngSize(bytes)).toEqual({ width: 70_000, height: 3 });
  const padded = Buffer.concat([Buffer.from('xx'), bytes]).subarray(2);
  expect(pngSize(padded.subarray(0, 33))).toEqual({ width: 70_000, height: 3 });
  expect(pngSize(padded.subarray(0, 32))).toBeUndefined();
  expect(pngSize(padded.subarray(0, 8))).toBeUndefined();
});
