import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { loadMnist } from '../../src/mnist.js';
import { fitDigit, prepareDigit } from '../../src/prepare/index.js';
import { errorOf } from '../temporary.js';

type Brightness = (x: number, y: number) => number;

/** Red, green, blue and opacity of a picture, from the brightness at each place. */
function picture(width: number, height: number, brightness: Brightness) {
  const rgba = new Uint8ClampedArray(4 * width * height).fill(255);
  for (let at = 0; at < width * height; at += 1) {
    rgba.fill(brightness(at % width, Math.floor(at / width)), 4 * at, 4 * at + 3);
  }
  return { rgba, width, height };
}

const prepare = ({ rgba, width, height }: ReturnType<typeof picture>): Uint8Array =>
  prepareDigit(rgba, width, height);

/** Noise from −spread to spread that is the same in every run. */
function noise(spread: number): () => number {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 0x100000000) * (2 * spread + 1)) - spread;
  };
}

/** Whether a seven, 60 wide and 100 high, has ink at a place: a bar, and a slanting leg. */
function isInSeven(x: number, y: number, pen: number): boolean {
  if (y >= 0 && y < pen) return x >= 0 && x < 60;
  const leg = 60 - pen - Math.floor((y * 4) / 10);
  return y >= 0 && y < 100 && x >= leg && x < leg + pen;
}

const seven =
  (left: number, top: number, ink: number, ground: number, pen = 12): Brightness =>
  (x, y) =>
    isInSeven(x - left, y - top, pen) ? ink : ground;

/**
 * The share of one image's full ink that has none of the other's beside it, the larger of both ways
 * round.
 */
function difference(one: Uint8Array, other: Uint8Array): number {
  const share = (from: Uint8Array, to: Uint8Array): number => {
    const full = Array.from(from.keys()).filter((at) => from[at]! >= 160);
    const hasInkNear = (at: number) => [0, 1, -1, 28, -28].some((step) => to[at + step]! > 0);
    return full.filter((at) => !hasInkNear(at)).length / full.length;
  };
  return Math.max(share(one, other), share(other, one));
}

const reference = prepare(picture(200, 200, seven(60, 50, 255, 0)));

test('MNIST’s own images come out as they are, on either ground', async () => {
  const { inputs, trainCount } = await loadMnist();
  let unchanged = 0;
  for (let sample = trainCount; sample < trainCount + 1000; sample += 1) {
    const image = inputs.subarray(sample * 784, (sample + 1) * 784) as Uint8Array;
    const prepared = prepare(picture(28, 28, (x, y) => image[28 * y + x]!));
    const inverted = prepare(picture(28, 28, (x, y) => 255 - image[28 * y + x]!));
    expect(inverted).toEqual(prepared);
    if (prepared.every((value, at) => value > 0 === image[at]! > 0)) unchanged += 1;
  }
  expect(unchanged).toBeGreaterThan(970);
}, 60_000);

test('the ink is 20 pixels long, and its centre of mass is at pixel 14', () => {
  const rows = Array.from({ length: 28 }, (_, y) => reference.subarray(28 * y, 28 * (y + 1)));
  expect(rows.filter((row) => row.some((value) => value > 0)).length).toBe(20);
  let [mass, momentX, momentY] = [0, 0, 0];
  for (const [at, value] of reference.entries()) {
    mass += value;
    momentX += value * (at % 28);
    momentY += value * Math.floor(at / 28);
  }
  expect(Math.abs(momentX / mass - 14)).toBeLessThanOrEqual(0.5);
  expect(Math.abs(momentY / mass - 14)).toBeLessThanOrEqual(0.5);
});

test('the same picture gives the same bytes everywhere', () => {
  const grain = noise(8);
  const photo = picture(301, 223, (x, y) => {
    const light = 150 + Math.floor(x / 4) - Math.floor(y / 8);
    return (isInSeven(x - 90, y - 60, 10) ? Math.floor(light / 3) : light) + grain();
  });
  const digest = createHash('sha256').update(prepare(photo)).digest('hex');
  expect(digest).toBe('962ec7b3bcdc932ca62a014b91d2ab77e668f21ce3276122b10ac4b370b4df53');
});

test.each<[string, number, number, Brightness]>([
  ['dark on bright', 200, 200, seven(60, 50, 0, 255)],
  ['grey on grey', 200, 200, seven(60, 50, 90, 130)],
  ['elsewhere in a larger picture', 500, 300, seven(340, 150, 20, 230)],
  ['small', 1200, 900, seven(500, 600, 20, 230)],
  ['cut to the ink', 60, 100, seven(0, 0, 20, 230)],
])('%s', (_, width, height, brightness) => {
  const prepared = prepare(picture(width, height, brightness));
  expect(difference(prepared, reference)).toBe(0);
});

test('uneven light and noise', () => {
  const grain = noise(10);
  const photo = picture(240, 200, (x, y) => {
    const light = 230 - Math.floor(x / 2) - Math.floor(y / 5);
    return (isInSeven(x - 80, y - 50, 12) ? Math.floor(light / 4) : light) + grain();
  });
  expect(difference(prepare(photo), reference)).toBeLessThan(0.05);
});

test('what comes in over the edge is not the digit, nor is dust', () => {
  const paper = seven(60, 50, 20, 230);
  const isDust = (x: number, y: number): boolean => x > 30 && x < 33 && y > 150 && y < 153;
  const photo = picture(200, 200, (x, y) => (x < 20 || y > 190 || isDust(x, y) ? 40 : paper(x, y)));
  expect(difference(prepare(photo), reference)).toBe(0);
});

test('a ballpoint’s thin line becomes as wide as MNIST’s pens', () => {
  const thin = prepare(picture(200, 200, seven(60, 50, 20, 230, 2)));
  const ink = thin.filter((value) => value > 0).length;
  expect(ink).toBeGreaterThan(0.7 * reference.filter((value) => value > 0).length);
});

test('ink on nothing: transparent pictures', () => {
  for (const colour of [0, 255]) {
    const { rgba, width, height } = picture(200, 200, () => colour);
    for (let at = 0; at < width * height; at += 1) {
      rgba[4 * at + 3] = isInSeven((at % width) - 60, Math.floor(at / width) - 50, 12) ? 255 : 0;
    }
    expect(prepareDigit(rgba, width, height)).toEqual(reference);
  }
});

test('refuses blank pictures and sizes that do not fit', async () => {
  const grain = noise(12);
  for (const blank of [
    picture(60, 40, () => 255),
    picture(1, 1, () => 0),
    picture(200, 200, () => 200 + grain()),
    picture(200, 200, (x, y) => 100 + Math.floor((x + y) / 4)),
  ]) {
    expect((await errorOf(() => prepare(blank))).message).toMatch(/pixels that are blank/);
  }
  const { message } = await errorOf(() => prepareDigit(new Uint8Array(7), 2, 1));
  expect(message).toBe('picture: expected 2×1 pixels of 4 bytes, received 7 bytes');
  expect((await errorOf(() => prepareDigit(new Uint8Array(0), 0, 0))).message).toContain('0×0');
});

test('ink that somebody drew is fitted without looking for it', () => {
  const pixels = Uint8Array.from({ length: 10_000 }, (_, at) =>
    isInSeven((at % 100) - 20, Math.floor(at / 100), 12) ? 255 : 0,
  );
  expect(difference(fitDigit({ width: 100, height: 100, pixels })!, reference)).toBe(0);
  expect(fitDigit({ width: 2, height: 2, pixels: new Uint8Array(4) })).toBe(null);
});

test('nothing here needs Node, so that web pages can use it', () => {
  const folder = new URL('../../src/prepare/', import.meta.url);
  for (const name of readdirSync(folder)) {
    const text = readFileSync(new URL(name, folder), 'utf8');
    for (const [, from] of text.matchAll(/from '([^']+)'/g)) {
      expect(from).toMatch(/^(\.\/[a-z-]+\.js|@bitgrad\/core)$/);
    }
    expect(text).not.toMatch(/\b(Buffer|process|document|window\.)\b/);
  }
});
