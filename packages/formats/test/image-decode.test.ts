import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { decodeImage, imageKind } from '../src/images/decode.js';
import { PixelBudget } from '../src/images/pixel-budget.js';
import { errorOf } from './temporary.js';
import { imageBytes, pngBytes } from './writers.js';

const latin = (text: string): Buffer => Buffer.from(text, 'latin1');
const starts: [string, Buffer, number][] = [
  ['PNG', latin('\x89PNG\r\n\x1a\n'), 8],
  ['JPEG', latin('\xff\xd8\xff'), 3],
  ['WebP', latin('RIFF\x24\0\0\0WEBP'), 12],
  ['GIF', latin('GIF89a'), 4],
  ['TIFF', latin('II*\0'), 4],
  ['TIFF', latin('MM\0*'), 4],
  ['AVIF', latin('\0\0\0\x1cftypavif'), 12],
];

describe('what kind of image it is', () => {
  test.each(starts)('%s is told by its first bytes', (kind, bytes, needed) => {
    expect(imageKind(bytes)).toBe(kind);
    expect(imageKind(Buffer.concat([bytes, latin('more')]))).toBe(kind);
    expect(imageKind(bytes.subarray(0, needed - 1))).toBeUndefined();
    for (let at = kind === 'WebP' ? 8 : kind === 'AVIF' ? 4 : 0; at < needed; at += 1) {
      const other = Buffer.from(bytes);
      other[at]! ^= 0x10;
      expect(imageKind(other)).toBeUndefined();
    }
  });

  test.each<[string, Buffer]>([
    ['an empty file', latin('')],
    ['a BMP image', latin('BM\x46\0')],
    ['a PDF document', latin('%PDF-1.7')],
    ['a HEIC image', latin('\0\0\0\x18ftypheic')],
    ['a HEIC image', latin('\0\0\0\x18ftyphevc')],
    ['a HEIC image', latin('\n\0\0\x18ftypmif1')],
    ['a HEIC image', latin('\0\0\0\x18ftypmsf1')],
    ['an SVG drawing', latin('<svg xmlns=""/>')],
    ['an SVG drawing', latin('<?xml version')],
    ['bytes that start 20424d46', latin(' BMF')],
    ['bytes that start 20255044', latin(' %PDF-1.7')],
    ['bytes that start 203c7376', latin(' <svg>')],
    ['bytes that start 00000000', latin('\0\0\0\0\0ftypheic')],
    ['bytes that start 01', latin('\x01')],
  ])('is said of others: %s', async (received, bytes) => {
    expect((await errorOf(() => decodeImage(bytes, 'x'))).message).toBe(
      `x: expected a PNG, JPEG, WebP, GIF, TIFF or AVIF image, received ${received}`,
    );
  });
});

test.each(['png', 'jpeg', 'webp', 'gif', 'tiff', 'avif'] as const)(
  'a %s is decoded to colours with opacity',
  async (kind) => {
    const { width, height, pixels } = await decodeImage(
      await imageBytes(kind, 2, 1, [255, 0]),
      'x',
    );
    expect({ width, height }).toEqual({ width: 2, height: 1 });
    const near = [...pixels].map((value) => (value > 127 ? 1 : 0));
    expect(near).toEqual([1, 1, 1, 1, 0, 0, 0, 1]);
  },
);

test('opacity and colours stay', async () => {
  const raw = { width: 1, height: 1, channels: 4 } as const;
  const bytes = await sharp(Uint8Array.of(10, 20, 30, 40), { raw })
    .webp({ lossless: true, exact: true } as object)
    .toBuffer();
  expect([...(await decodeImage(bytes, 'x')).pixels]).toEqual([10, 20, 30, 40]);
});

test('grey of 16 bits and palettes are left to the general decoder', async () => {
  const deep = pngBytes([[0, 0x12, 0x34]], { width: 1, height: 1, bits: 16 });
  expect([...(await decodeImage(deep, 'x')).pixels]).toEqual([0x12, 0x12, 0x12, 255]);
  const before = [['PLTE', Uint8Array.of(1, 2, 3, 9, 8, 7)]] as const;
  const palette = pngBytes([[0, 1]], { width: 1, height: 1, colour: 3, before });
  expect([...(await decodeImage(palette, 'x')).pixels]).toEqual([9, 8, 7, 255]);
});

test('a camera held upright is turned back', async () => {
  const raw = { width: 2, height: 1, channels: 1 } as const;
  const bytes = await sharp(Uint8Array.of(0, 255), { raw })
    .withMetadata({ orientation: 6 })
    .jpeg({ quality: 100 })
    .toBuffer();
  const { width, height, pixels } = await decodeImage(bytes, 'x');
  expect({ width, height }).toEqual({ width: 1, height: 2 });
  expect(pixels[0]).toBeLessThan(9);
  expect(pixels[4]).toBeGreaterThan(246);
});

test('an image file of more than 64 MiB is refused', async () => {
  const bytes = Buffer.concat([pngBytes([[0, 1]], { width: 1, height: 1 })], 2 ** 26 + 1);
  expect((await errorOf(() => decodeImage(bytes, 'x'))).message).toBe(
    'x: expected an image of at most 67108864 bytes, received 67108865',
  );
  expect((await decodeImage(bytes.subarray(0, -1), 'x')).width).toBe(1);
});

test('what an image says of its size is believed before it is decoded', async () => {
  const jpeg = Buffer.from(await imageBytes('jpeg', 1, 1, [7]));
  // Height and width of the frame (JPEG, B.2.2), behind its marker, length and precision.
  jpeg.writeUInt32BE(0xea60ea60, jpeg.indexOf(latin('\xff\xc0')) + 5);
  expect((await errorOf(() => decodeImage(jpeg, 'x'))).message).toBe(
    'x: expected at most 67108864 pixels, received more',
  );
  const png = pngBytes([[0, 1]], { width: 8193, height: 8192 });
  expect((await errorOf(() => decodeImage(png, 'x'))).message).toBe(
    'x: expected at most 67108864 pixels, received 8193×8192',
  );
});

describe('a budget', () => {
  /** Whether there is room for as many pixels as there may be at once. */
  const hasRoom = async (budget: PixelBudget): Promise<boolean> => {
    let isRoom = false;
    void budget.take(4096, 4096, 1e9, 'whole').then(() => {
      isRoom = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    return isRoom;
  };

  test.each(['png', 'webp'] as const)('is taken by a %s that is decoded', async (kind) => {
    const bytes = await imageBytes(kind, 2, 2, [1, 2, 3, 4]);
    const budget = new PixelBudget();
    await decodeImage(bytes, 'x', budget);
    expect(await hasRoom(budget)).toBe(false);
    const fresh = new PixelBudget();
    await decodeImage(bytes, 'x', fresh);
    fresh.release(4);
    expect(await hasRoom(fresh)).toBe(true);
  });

  test.each([
    ['png', 'PNG'],
    ['webp', 'WebP'],
    ['jpeg', 'JPEG'],
  ] as const)('is given back by a %s that does not decode', async (kind, name) => {
    const noise = Array.from({ length: 4096 }, (_, i) => (i * i * 31) & 255);
    const whole = await imageBytes(kind, 64, 64, noise);
    const budget = new PixelBudget();
    const { message, fix } = await errorOf(() =>
      decodeImage(whole.subarray(0, whole.length / 2), 'x', budget),
    );
    expect(message).toMatch(
      new RegExp(
        `^x: expected a ${name} image, received bytes that do not decode \\([^\\n]+[^:\\n]\\)$`,
      ),
    );
    expect(fix).toBe('The file is damaged or truncated.');
    expect(await hasRoom(budget)).toBe(true);
  });
});

test('the colours of printing are refused', async () => {
  const raw = { width: 1, height: 1, channels: 3 } as const;
  const bytes = await sharp(Uint8Array.of(1, 2, 3), { raw })
    .toColourspace('cmyk')
    .jpeg()
    .toBuffer();
  const { message, fix } = await errorOf(() => decodeImage(bytes, 'x'));
  expect(message).toBe('x: expected grey or RGB, received CMYK, the colours of printing');
  expect(fix).toBe('Save the image as RGB.');
});
