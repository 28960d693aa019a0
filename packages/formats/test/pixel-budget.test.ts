import sharp from 'sharp';
import { expect, test } from 'vitest';
import { decodeImage } from '../src/images/decode.js';
import { ImageSet } from '../src/images/image-set.js';
import { PixelBudget } from '../src/images/pixel-budget.js';
import { errorOf } from './temporary.js';

/** A blank image, which some formats say in very few bytes. */
function blank(kind: 'png' | 'webp', width: number, height: number): Promise<Buffer> {
  const image = sharp({ create: { width, height, channels: 3, background: 'white' } });
  return kind === 'webp'
    ? image.webp({ lossless: true }).toBuffer()
    : image.png({ palette: true, colours: 2 }).toBuffer();
}

test.each(['png', 'webp'] as const)(
  'an image of few bytes and many pixels is refused: %s',
  async (kind) => {
    const bytes = await blank(kind, 5000, 5000);
    expect(bytes.length).toBeLessThan(25e6 / 1500);
    const { message } = await errorOf(() => decodeImage(bytes, 'bomb'));
    expect(message).toMatch(
      new RegExp(
        `^bomb: expected at most \\d+ pixels in ${bytes.length} bytes of images, received 25000000`,
      ),
    );
  },
);

test('a blank page is none', async () => {
  const { width, height } = await decodeImage(await blank('png', 2480, 3508), 'page');
  expect({ width, height }).toEqual({ width: 2480, height: 3508 });
});

test('many such images are refused together', async () => {
  const bytes = await blank('webp', 2000, 2000);
  const set = new ImageSet('data', 40, { imageSize: { height: 2, width: 2 } }, decodeImage);
  const images = Array.from({ length: 40 }, (_, index) => ({
    fileName: `image ${index}`,
    read: async () => bytes,
  }));
  const { message } = await errorOf(() => set.add(images));
  expect(message).toMatch(
    /^image \d+: expected at most \d+ pixels in \d+ bytes of images, received \d+/,
  );
});

test('large images wait for each other, and all come', async () => {
  const budget = new PixelBudget();
  let [held, most] = [0, 0];
  const decode = async (): Promise<void> => {
    await budget.take(3000, 3000, 1e6, 'image');
    held += 1;
    most = Math.max(most, held);
    await new Promise((resolve) => setImmediate(resolve));
    held -= 1;
    budget.release(9e6);
  };
  await Promise.all(Array.from({ length: 8 }, decode));
  expect({ held, most }).toEqual({ held: 0, most: 1 });
});

test.each([
  [2 ** 16, 2 ** 16],
  [0xffffffff, 0xffffffff],
])('%i×%i pixels are too many in any number of bytes', async (width, height) => {
  const { message } = await errorOf(() => new PixelBudget().take(width, height, 1e9, 'image'));
  expect(message).toBe(`image: expected at most 67108864 pixels, received ${width}×${height}`);
});
