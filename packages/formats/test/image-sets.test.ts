import { BitgradError } from '@bitgrad/core';
import { describe, expect, test } from 'vitest';
import { makeClasses } from '../src/classes.js';
import { channelsOf } from '../src/images/channels.js';
import { readClassTree } from '../src/images/class-tree.js';
import { firstChannel, fitImage, hasColour } from '../src/images/fit-image.js';
import { coloursOf, greyOf, type RgbaImage } from '../src/images/grey.js';
import { type ImageDecoder, ImageSet, imageDataset } from '../src/images/image-set.js';
import { PixelBudget, PixelBudgetError } from '../src/images/pixel-budget.js';
import { imagePreparationOf, isDigitSize, prepareImage } from '../src/images/prepare-image.js';
import { resize } from '../src/images/resize.js';
import { fileTree } from '../src/memory/file-tree.js';
import type { LoadOptions } from '../src/options.js';
import { errorOf } from './temporary.js';

/** A picture of one row: grey, or red, green, blue. */
function pictureOf(pixels: readonly (number | readonly [number, number, number])[]): RgbaImage {
  const bytes = pixels.flatMap((pixel) =>
    typeof pixel === 'number' ? [pixel, pixel, pixel, 255] : [...pixel, 255],
  );
  return { width: pixels.length, height: 1, pixels: Uint8Array.from(bytes) };
}

/** Files whose bytes are grey pixels of one row; none decodes that begins with 0. */
const decode: ImageDecoder = async (bytes, fileName, budget) => {
  await budget.take(bytes.length, 1, bytes.length, fileName);
  if (bytes[0] === 0) throw new BitgradError(`${fileName}: damaged`);
  return pictureOf([...bytes]);
};
const pending = (fileName: string, ...bytes: number[]) => ({
  fileName,
  read: async () => Uint8Array.from(bytes),
});
const ONE: LoadOptions = { imageSize: { height: 1, width: 1 } };

describe('resizing by area', () => {
  test.each<[string, number[], [number, number], [number, number], number[]]>([
    ['a mean, a half rounded up', [0, 1, 2, 3], [2, 2], [1, 1], [2]],
    ['a mean below a half', [0, 1, 2, 2], [2, 2], [1, 1], [1]],
    ['three to two', [0, 3, 9], [1, 3], [1, 2], [1, 7]],
    ['three rows to two', [0, 3, 9], [3, 1], [2, 1], [1, 7]],
    ['two to three', [10, 40], [1, 2], [1, 3], [10, 25, 40]],
    ['one to many', [7], [1, 1], [2, 3], [7, 7, 7, 7, 7, 7]],
    ['rows and columns apart', [0, 100, 200, 50, 60, 70], [2, 3], [1, 3], [25, 80, 135]],
    ['a side alone', [0, 100, 200, 50, 60, 70], [2, 3], [2, 1], [100, 60]],
    ['the same', [1, 2, 3, 4, 5, 6], [2, 3], [2, 3], [1, 2, 3, 4, 5, 6]],
    ['all white', Array(35).fill(255), [5, 7], [3, 2], Array(6).fill(255)],
  ])('%s', (_, grey, [height, width], [toHeight, toWidth], expected) => {
    const out = new Uint8Array(toHeight * toWidth);
    resize(Uint8Array.from(grey), { height, width }, { height: toHeight, width: toWidth }, out);
    expect([...out]).toEqual(expected);
  });
});

describe('colours', () => {
  // By hand: ⌊(colour · opacity + 255 · (255 − opacity) + 127) ÷ 255⌋, and the weights of BT.601.
  const pixels = Uint8Array.of(
    255,
    0,
    0,
    255,
    100,
    0,
    255,
    200,
    0,
    0,
    0,
    0,
    10,
    20,
    30,
    255,
    0,
    128,
    255,
    128,
    7,
    7,
    7,
    1,
  );
  const image = { width: 3, height: 2, pixels };

  test('on white paper', () => {
    expect([...coloursOf(image)]).toEqual([
      ...[255, 133, 255, 10, 127, 254],
      ...[0, 55, 255, 20, 191, 254],
      ...[0, 255, 255, 30, 255, 254],
    ]);
  });

  test('as grey', () => {
    expect([...greyOf(image)]).toEqual([76, 101, 255, 18, 179, 254]);
  });

  test('are fitted each by itself', () => {
    const out = new Uint8Array(6);
    const picture = pictureOf([
      [0, 10, 100],
      [20, 30, 200],
      [40, 50, 60],
      [61, 70, 80],
    ]);
    fitImage(picture, { height: 1, width: 2, channels: 3 }, out);
    expect([...out]).toEqual([10, 20, 150, 51, 60, 70]);
    const grey = new Uint8Array(2);
    fitImage(pictureOf([1, 3, 5, 8]), { height: 1, width: 2 }, grey);
    expect([...grey]).toEqual([2, 7]);
    const tall = new Uint8Array(12);
    const two = { ...picture, width: 2, height: 2 };
    fitImage(two, { height: 2, width: 2, channels: 3 }, tall);
    expect([...tall]).toEqual([0, 10, 100, 20, 30, 200, 40, 50, 60, 61, 70, 80]);
  });

  test('are there or not', () => {
    const grey = [5, 5, 5, 9, 9, 9];
    expect(hasColour(Uint8Array.from(grey))).toBe(false);
    for (const at of grey.keys()) {
      expect(hasColour(Uint8Array.from(grey, (value, i) => (i === at ? 1 : value)))).toBe(true);
    }
    expect(firstChannel(Uint8Array.from(grey))).toEqual(Uint8Array.of(5, 9));
  });

  test.each<[LoadOptions, 1 | 3 | null]>([
    [{}, null],
    [{ channels: 'rgb' }, 3],
    [{ channels: 'grey' }, 1],
    [{ modelImageSize: { height: 1, width: 1 } }, 1],
    [{ modelImageSize: { height: 1, width: 1, channels: 3 } }, 3],
    [{ channels: 'grey', modelImageSize: { height: 1, width: 1, channels: 3 } }, 1],
  ])('are read by %j with channels %j', (options, channels) => {
    expect(channelsOf(options)).toBe(channels);
  });
});

describe('a set of images', () => {
  const setOf = (count: number, options: LoadOptions, decoder = decode) =>
    new ImageSet('place', count, options, decoder);

  test.each<[LoadOptions, number, number]>([
    [{}, 28, 28],
    [{ usualImageSize: { height: 2, width: 3 } }, 2, 3],
    [{ usualImageSize: { height: 2, width: 3 }, modelImageSize: { height: 4, width: 5 } }, 4, 5],
    [{ imageSize: { height: 6, width: 7 }, modelImageSize: { height: 4, width: 5 } }, 6, 7],
    [{ imageSize: { height: 1, width: 1024 } }, 1, 1024],
    [{ imageSize: { height: 1024, width: 1 } }, 1024, 1],
  ])('by %j is of %i×%i pixels', (options, height, width) => {
    const { image, inputs } = setOf(2, { channels: 'grey', ...options }).finish();
    expect(image).toEqual({ height, width });
    expect(inputs).toHaveLength(2 * height * width);
  });

  test.each([
    [0, 1],
    [1, 0],
    [1025, 1],
    [1, 1025],
    [1.5, 1],
    [1, 2.5],
  ])('is not of %f×%f pixels', async (height, width) => {
    const error = await errorOf(() => setOf(1, { imageSize: { height, width } }));
    expect(error.message).toMatch(/^imageSize: expected a height and a width from 1 to 1024, /);
    expect(error).toMatchObject({ option: 'imageSize' });
  });

  test('fits in memory', async () => {
    const imageSize = { height: 1024, width: 1024 };
    const { message } = await errorOf(() => setOf(2000, { imageSize, channels: 'grey' }));
    expect(message).toContain('place: expected inputs of at most 1073741824 bytes, received 2000');
  });

  test('is grey where nobody asked for colours and none has any', async () => {
    const colour: ImageDecoder = async () => pictureOf([[1, 2, 3]]);
    const of = async (options: LoadOptions, decoder: ImageDecoder) => {
      const set = setOf(1, { ...ONE, ...options }, decoder);
      await set.add([pending('a', 9)]);
      return set.finish();
    };
    const grey = { image: { height: 1, width: 1 }, inputs: Uint8Array.of(9) };
    const rgb = { height: 1, width: 1, channels: 3 };
    expect(await of({}, decode)).toEqual(grey);
    expect(await of({ channels: 'grey' }, decode)).toEqual(grey);
    expect(await of({ channels: 'rgb' }, decode)).toEqual({
      image: rgb,
      inputs: Uint8Array.of(9, 9, 9),
    });
    expect(await of({}, colour)).toEqual({ image: rgb, inputs: Uint8Array.of(1, 2, 3) });
    // 0.299 · 1 + 0.587 · 2 + 0.114 · 3 = 1.815
    expect((await of({ channels: 'grey' }, colour)).inputs).toEqual(Uint8Array.of(2));
  });

  test('holds images in their order, whichever is ready first, eight at a time', async () => {
    let [now, most] = [0, 0];
    const late: ImageDecoder = async (bytes) => {
      now += 1;
      most = Math.max(most, now);
      for (let turn = 20 - bytes[0]!; turn > 0; turn -= 1) await Promise.resolve();
      now -= 1;
      return pictureOf([...bytes]);
    };
    const set = setOf(20, { ...ONE, channels: 'grey' }, late);
    const images = Array.from({ length: 20 }, (_, at) => pending(`${at}`, at + 1));
    await set.add(images.slice(0, 17));
    await set.add(images.slice(17));
    expect([...set.finish().inputs]).toEqual(images.map((_, at) => at + 1));
    expect(most).toBe(8);
  });

  test('tells the bad ones by their places', async () => {
    const set = setOf(12, { ...ONE, channels: 'grey' });
    await set.add([pending('a', 1), pending('b', 0)]);
    await set.add(Array.from({ length: 10 }, (_, at) => pending(`c${at}`, at === 8 ? 0 : 3)));
    expect([...set.bad].map(([at, { message }]) => [at, message])).toEqual([
      [1, 'b: damaged'],
      [10, 'c8: damaged'],
    ]);
    expect([...set.finish().inputs]).toEqual([1, 0, 3, 3, 3, 3, 3, 3, 3, 3, 0, 3]);
  });

  test('stops at what is no matter of one image', async () => {
    const stop = new Error('stop');
    const failing: ImageDecoder = () => Promise.reject(stop);
    await expect(setOf(1, ONE, failing).add([pending('a', 1)])).rejects.toBe(stop);
    const beyond = new PixelBudgetError('too many');
    const spent: ImageDecoder = () => Promise.reject(beyond);
    await expect(setOf(1, ONE, spent).add([pending('a', 1)])).rejects.toBe(beyond);
  });

  test('gives back the pixels of each', async () => {
    const room: boolean[] = [];
    const decoder: ImageDecoder = async (bytes, fileName, budget) => {
      await budget.take(bytes.length, 1, 1e9, fileName);
      if (fileName === 'last') {
        // There is only room for so many where nothing is held but the one pixel of this image.
        void budget.take(2 ** 24 - 1, 1, 1e9, fileName).then(() => room.push(true));
        await new Promise((resolve) => setImmediate(resolve));
      }
      return pictureOf([...bytes]);
    };
    const set = setOf(3, { ...ONE, channels: 'grey' }, decoder);
    await set.add([pending('a', 1, 2), pending('b', 3)]);
    await set.add([pending('last', 4)]);
    expect(room).toEqual([true]);
  });

  const datasetOf = async (
    files: readonly number[],
    skipBad: boolean,
    parts = { train: 0, validation: 0 },
  ) => {
    const set = setOf(files.length, { ...ONE, channels: 'grey' });
    await set.add(files.map((value, at) => pending(`f${at}`, value)));
    const labels = Uint32Array.from(files, (_, at) => at % 2);
    return imageDataset('name', set, labels, makeClasses(['a', 'b']), parts, skipBad);
  };

  test('becomes a data set', async () => {
    const dataset = await datasetOf([1, 2, 3, 4, 5, 6], false, { train: 5, validation: 2 });
    expect(dataset).toEqual({
      name: 'name',
      inputs: Uint8Array.of(1, 2, 3, 4, 5, 6),
      features: 1,
      image: { height: 1, width: 1 },
      labels: Uint32Array.of(0, 1, 0, 1, 0, 1),
      classes: 2,
      classNames: ['a', 'b'],
      trainCount: 5,
      validationCount: 2,
      testCount: 1,
    });
    const plain = await datasetOf([1, 2, 3], false, { train: 3, validation: 0 });
    expect(plain).toMatchObject({ trainCount: 3, testCount: 0 });
    expect(plain).not.toHaveProperty('validationCount');
    expect(plain).not.toHaveProperty('notes');
  });

  test('without the bad ones of each part', async () => {
    const parts = { train: 5, validation: 2 };
    const dataset = await datasetOf([1, 0, 3, 0, 5, 6, 0], true, parts);
    expect([...dataset.inputs]).toEqual([1, 3, 5, 6]);
    expect([...dataset.labels]).toEqual([0, 0, 0, 1]);
    expect(dataset).toMatchObject({ trainCount: 3, validationCount: 1, testCount: 1 });
    expect(dataset.notes).toEqual([
      '3 images are left out, as they do not decode:\n  f1: damaged\n  f3: damaged\n  f6: damaged',
    ]);
    expect((await datasetOf([1, 0], true)).notes).toEqual([
      '1 image is left out, as it does not decode:\n  f1: damaged',
    ]);
  });

  test('names the bad ones', async () => {
    expect((await errorOf(() => datasetOf([1, 0], false))).message).toBe('f1: damaged');
    const { message, fix } = await errorOf(() => datasetOf([0, 2, 0], false));
    expect(message).toBe(
      'expected 3 images that decode, received 2 that do not\n  f0: damaged\n  f2: damaged',
    );
    expect(fix).toContain('--skip-bad');
  });

  test('names a hundred of many', async () => {
    const linesOf = async (count: number) => {
      const { message } = await errorOf(() => datasetOf(Array(count).fill(0), false));
      return message.split('\n').slice(1);
    };
    expect(await linesOf(100)).toHaveLength(100);
    expect((await linesOf(100)).at(-1)).toBe('  f99: damaged');
    expect((await linesOf(103)).slice(99)).toEqual(['  f99: damaged', '  and 3 more']);
  });
});

describe('folders of classes', () => {
  const load = (files: Readonly<Record<string, readonly number[]>>, options: LoadOptions = {}) => {
    const tree = fileTree(
      Object.entries(files).map(([path, bytes]) => ({
        path: `data/${path}`,
        read: async () => Uint8Array.from(bytes),
      })),
    );
    return readClassTree('name', 'data', tree, { ...ONE, ...options }, decode);
  };
  const refusal = async (files: Readonly<Record<string, readonly number[]>>) =>
    (await errorOf(() => load(files))).message;

  test('come in the order of their names, as their images do', async () => {
    const { inputs, labels, classNames } = await load({
      'b/2.png': [4],
      'b/1.png': [3],
      'a/2.png': [2],
      'a/1.jpg': [1],
      'notes.txt': [1],
    });
    expect([...inputs]).toEqual([1, 2, 3, 4]);
    expect([...labels]).toEqual([0, 0, 1, 1]);
    expect(classNames).toEqual(['a', 'b']);
  });

  test('of numbers come by their size', async () => {
    const { inputs, labels } = await load({ '10/1.png': [3], '9/1.png': [2], '-1/1.png': [1] });
    expect([...inputs]).toEqual([1, 2, 3]);
    expect([...labels]).toEqual([0, 1, 2]);
  });

  test.each([
    ['train', 'val', 'test'],
    ['TRAIN', 'Valid', 'Testing'],
    ['training', 'validation', 'TEST'],
    ['Train', 'dev', 'testing'],
  ])('are in the parts %s, %s and %s', async (train, validation, tested) => {
    const dataset = await load({
      [`${train}/a/1.png`]: [1],
      [`${train}/b/1.png`]: [2],
      [`${train}/b/2.png`]: [3],
      [`${validation}/b/1.png`]: [4],
      [`${validation}/b/2.png`]: [5],
      [`${tested}/a/1.png`]: [6],
    });
    expect([...dataset.inputs]).toEqual([1, 2, 3, 4, 5, 6]);
    expect([...dataset.labels]).toEqual([0, 1, 1, 1, 1, 0]);
    expect(dataset).toMatchObject({ trainCount: 5, validationCount: 2, testCount: 1 });
  });

  test('may be to train alone, or without a part to test', async () => {
    const trained = { 'train/a/1.png': [1], 'train/b/1.png': [2] };
    expect(await load(trained)).toMatchObject({ trainCount: 2, testCount: 0 });
    expect(await load({ ...trained, 'val/a/1.png': [3] })).toMatchObject({
      trainCount: 3,
      validationCount: 1,
    });
    expect(await load({ ...trained, 'test/a/1.png': [3] })).toMatchObject({
      trainCount: 2,
      testCount: 1,
    });
  });

  test('may be called as parts are, where others are beside or none is to train', async () => {
    expect((await load({ 'train/1.png': [1], 'car/1.png': [2] })).classNames).toEqual([
      'car',
      'train',
    ]);
    expect((await load({ 'test/1.png': [1], 'val/1.png': [2] })).classNames).toEqual([
      'test',
      'val',
    ]);
    expect((await load({ 'trains/1.png': [1], 'xtrain/1.png': [2] })).classNames).toEqual([
      'trains',
      'xtrain',
    ]);
    expect((await load({ 'train/1.png': [1], 'tests/1.png': [2] })).classNames).toEqual([
      'tests',
      'train',
    ]);
    expect((await load({ 'train/1.png': [1], 'devs/1.png': [2] })).classNames).toEqual([
      'devs',
      'train',
    ]);
    expect((await load({ 'train/1.png': [1], 'contest/1.png': [2] })).classNames).toEqual([
      'contest',
      'train',
    ]);
    expect((await load({ 'train/1.png': [1], 'interval/1.png': [2] })).classNames).toEqual([
      'interval',
      'train',
    ]);
  });

  test("follow a model's classes, in their order", async () => {
    const like = { classes: 3, classNames: ['c', 'b', 'a'] };
    const { inputs, labels } = await load({ 'a/1.png': [1], 'c/1.png': [2] }, { like });
    expect([...inputs]).toEqual([2, 1]);
    expect([...labels]).toEqual([0, 2]);
  });

  test('leave out images that do not decode, where that is asked for', async () => {
    const files = { 'a/1.png': [0], 'a/2.png': [2], 'b/1.bmp': [3], 'b/2.png': [4] };
    const { inputs, notes } = await load(files, { skipBad: true });
    expect([...inputs]).toEqual([2, 4]);
    expect(notes![0]).toContain('data/b/1.bmp: expected PNG, JPEG');
    expect(await refusal(files)).toContain('received 2 that do not');
  });

  test('leave images aside that lie in none, and say so', async () => {
    const classes = { 'a/1.png': [1], 'b/1.png': [2], 'b/2.png': [0], 'notes.txt': [1] };
    const options = { skipBad: true };
    const [bad] = (await load(classes, options)).notes!;
    const one = await load({ ...classes, '1.png': [3] }, options);
    expect(one.notes).toEqual([bad, "data/1.png is not read: it lies in no class's folder"]);
    expect(one.trainCount).toBe(2);
    const three = await load({ ...classes, '3.JPG': [3], '1.png': [3], '2.png': [3] }, options);
    expect(three.notes!.at(-1)).toBe(
      "data/1.png and 2 more images are not read: they lie in no class's folder",
    );
    const parts = { 'train/a/1.png': [1], 'train/b/1.png': [2], 'train/1.png': [3] };
    expect((await load(parts)).notes).toEqual([
      "data/train/1.png is not read: it lies in no class's folder",
    ]);
    const tested = { ...parts, 'test/a/1.png': [1], 'test/9.png': [3], '5.png': [3] };
    expect((await load(tested)).notes).toEqual([
      "data/5.png and 2 more images are not read: they lie in no class's folder",
    ]);
  });

  test.each(['png', 'jpg', 'jpeg', 'webp', 'gif', 'tif', 'tiff', 'avif', 'PNG', 'x.Jpg'])(
    'hold images called .%s',
    async (extension) => {
      const files = { [`a/1.${extension}`]: [1], [`b/1.${extension}`]: [2] };
      expect((await load(files)).trainCount).toBe(2);
    },
  );

  test.each([
    ['1.bmp', 'a BMP image'],
    ['1.HEIC', 'a HEIC image'],
    ['1.heif', 'a HEIC image'],
    ['1.pdf', 'a PDF document'],
    ['1.svg', 'an SVG drawing'],
    ['1.txt', 'a file called otherwise'],
    ['1.png.txt', 'a file called otherwise'],
    ['png', 'a file called otherwise'],
  ])('hold no image called %s', async (file, received) => {
    const error = await errorOf(() => load({ [`a/${file}`]: [1], 'b/1.png': [2] }));
    expect(error.message).toBe(
      `data/a/${file}: expected PNG, JPEG, WebP, GIF, TIFF or AVIF images, received ${received}`,
    );
    expect(error.fix).toContain('--skip-bad');
  });

  test.each(['thumbs.db', 'Thumbs.db', 'desktop.ini', 'Desktop.ini'])(
    'may hold %s, which nobody put there',
    async (name) => {
      const files = { [`a/${name}`]: [0], 'a/1.png': [1], [`b/${name}`]: [0], 'b/1.png': [2] };
      expect((await load(files)).trainCount).toBe(2);
      expect(await refusal({ [`a/${name}`]: [0], 'b/1.png': [1] })).toBe(
        'data/a: expected images, received none',
      );
    },
  );

  test('are refused where they are not as they should be', async () => {
    expect(await refusal({ 'a/1.png': [1] })).toBe(
      'data: expected at least two classes, received only "a"',
    );
    expect(await refusal({ 'a/1.png': [1], 'b/c/1.png': [1], 'b/d/1.png': [1] })).toBe(
      'data/b: expected images, received the folder c',
    );
    const parts = { 'train/a/1.png': [1], 'train/b/1.png': [2] };
    expect(await refusal({ ...parts, 'test/c/1.png': [1] })).toBe(
      'data/test: expected one of 2 classes ("a", "b"), received "c"',
    );
    expect(await refusal({ ...parts, 'val/c/1.png': [1] })).toBe(
      'data/val: expected one of 2 classes ("a", "b"), received "c"',
    );
    const like = { classes: 2, classNames: ['x', 'y'] };
    expect((await errorOf(() => load(parts, { like }))).message).toBe(
      'data: expected one of 2 classes ("x", "y"), received "a"',
    );
  });
});

describe('a budget of pixels', () => {
  test('lets what files allow be decoded, and no more', async () => {
    const budget = new PixelBudget();
    await budget.take(4096, 4096, 0, 'a');
    budget.release(2 ** 24);
    await budget.take(1000, 3, 3, 'b');
    budget.release(3000);
    const error = await errorOf(() => budget.take(1, 1, 0, 'c'));
    expect(error).toBeInstanceOf(PixelBudgetError);
    expect(error.message).toBe(
      'c: expected at most 16780216 pixels in 3 bytes of images, received 16780217 (this one has 1×1)',
    );
  });

  test('lets one image be as large as images may be', async () => {
    await new PixelBudget().take(8192, 8192, 1e9, 'a');
    const error = await errorOf(() => new PixelBudget().take(8193, 8192, 1e9, 'a'));
    expect(error.message).toBe('a: expected at most 67108864 pixels, received 8193×8192');
    expect(error).not.toBeInstanceOf(PixelBudgetError);
    await errorOf(() => new PixelBudget().take(Number.NaN, 1, 1, 'a'));
  });

  test('has images wait until there is room for them', async () => {
    const budget = new PixelBudget();
    const order: string[] = [];
    const take = async (name: string, pixels: number) => {
      await budget.take(pixels, 1, 1e9, name);
      order.push(name);
    };
    const settle = () => new Promise((resolve) => setImmediate(resolve));
    await take('half', 2 ** 23);
    await take('other half', 2 ** 23);
    const late = [take('one', 1), take('whole', 2 ** 24)];
    await settle();
    expect(order).toEqual(['half', 'other half']);
    budget.release(2 ** 23);
    await settle();
    expect(order).toEqual(['half', 'other half', 'one']);
    budget.release(2 ** 23);
    await settle();
    expect(order).toHaveLength(3);
    budget.release(1);
    await Promise.all(late);
    expect(order[3]).toBe('whole');
  });
});

describe('pictures are prepared', () => {
  const size = { height: 1, width: 2 };

  test.each<[Parameters<typeof imagePreparationOf>[0], 'digit' | 'resize' | null]>([
    [{ name: 'mnist', image: { height: 28, width: 28 } }, 'digit'],
    [{ name: 'mnist', image: { height: 28, width: 28, channels: 1 } }, 'digit'],
    [{ name: 'mnist', image: { height: 28, width: 28, channels: 3 } }, 'resize'],
    [{ name: 'mnist', image: { height: 28, width: 27 } }, 'resize'],
    [{ name: 'mnist', image: { height: 27, width: 28 } }, 'resize'],
    [{ name: 'other', image: { height: 28, width: 28 } }, 'resize'],
    [{ name: 'mnist', image: null }, null],
  ] as never[])('of %j by %j', (dataset: Parameters<typeof imagePreparationOf>[0], kind) => {
    const { image } = dataset;
    expect(imagePreparationOf(dataset)).toEqual(kind && { kind, size: image });
    if (image?.height === 28)
      expect(isDigitSize(image)).toBe(image.width === 28 && image.channels !== 3);
  });

  test('by their size', () => {
    const prepared = prepareImage(pictureOf([1, 3, 5, 8]), { kind: 'resize', size }, 'x');
    expect(prepared).toEqual(Uint8Array.of(2, 7));
    const colours = { kind: 'resize', size: { height: 1, width: 1, channels: 3 } } as const;
    expect(prepareImage(pictureOf([[1, 2, 3]]), colours, 'x')).toEqual(Uint8Array.of(1, 2, 3));
  });

  test('as digits', async () => {
    const white = Array<number>(400).fill(255);
    const ink = white.map((value, at) =>
      at % 20 > 8 && at % 20 < 11 && at > 60 && at < 340 ? 0 : value,
    );
    const picture = (values: number[]) => ({ ...pictureOf(values), width: 20, height: 20 });
    const digit = { kind: 'digit', size: { height: 28, width: 28 } } as const;
    const out = prepareImage(picture(ink), digit, 'x');
    expect(out).toHaveLength(784);
    expect(Math.max(...out)).toBeGreaterThan(200);
    const { message, fix } = await errorOf(() => prepareImage(picture(white), digit, 'x'));
    expect(message).toMatch(/^x: picture: expected a digit, received 20×20 pixels that are blank$/);
    expect(fix).toContain('more contrast');
  });

  test.each<[string, Partial<RgbaImage>]>([
    ['no width', { width: 0, pixels: new Uint8Array(0) }],
    ['no height', { height: 0, pixels: new Uint8Array(0) }],
    ['a part of a width', { width: 0.5, pixels: new Uint8Array(2) }],
    ['a part of a height', { height: 0.5, pixels: new Uint8Array(4) }],
    ['sides below 0', { width: -2, height: -1 }],
    ['fewer pixels', { pixels: new Uint8Array(7) }],
    ['more pixels', { pixels: new Uint8Array(9) }],
  ])('but not with %s', async (_, one) => {
    const picture = { ...pictureOf([1, 2]), ...one };
    const work = () => prepareImage(picture, { kind: 'resize', size }, 'x');
    expect((await errorOf(work)).message).toBe(
      `x: expected ${picture.width}×${picture.height} pixels of 4 bytes, received ${picture.pixels.length} bytes`,
    );
  });
});
