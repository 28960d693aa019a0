/**
 * MNIST's own preparation (LeCun et al. 1998): the ink is scaled into a box of 20×20 pixels, its
 * proportions kept, and the box is put into an image of 28×28 so that the ink's centre of mass
 * comes to the middle. A network that learned from MNIST expects digits that were treated so.
 *
 * Nothing here knows of a browser: bytes in, bytes out.
 */

import type { GreyImage } from './strokes.js';

/** Width and height of a prepared image. */
export const PREPARED_SIZE = 28;
/** Fainter pixels (a tenth of full ink) are an edge's haze, and the box does not stretch to them. */
const FAINTEST_INK = 26;
/** The box that the ink is scaled into. */
export const BOX_SIZE = 20;

/**
 * Prepares a picture of one digit.
 *
 * @param image the ink bright on a dark ground
 * @returns `[28, 28]` grey bytes, or null where there is no ink
 */
export function prepareDigit(image: GreyImage): Uint8Array | null {
  const box = inkBox(image);
  if (box === null) return null;
  const scale = BOX_SIZE / Math.max(box.width, box.height);
  const width = Math.max(1, Math.round(box.width * scale));
  const height = Math.max(1, Math.round(box.height * scale));
  return placeByMass(resample(image, box, width, height), width, height);
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The smallest box around all ink that is not faint, or null where there is none. */
export function inkBox({ width, height, pixels }: GreyImage): Box | null {
  let [left, right, top, bottom] = [width, -1, height, -1];
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      if (pixels[y * width + x]! < FAINTEST_INK) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = y;
    }
  }
  if (right < 0) return null;
  return { left, top, width: right - left + 1, height: bottom - top + 1 };
}

/** Scales a box of an image to `width` × `height`: each new pixel is the mean of the area it covers. */
function resample(image: GreyImage, box: Box, width: number, height: number): Float64Array {
  const columns = coverage(box.left, box.width, width);
  const rows = coverage(box.top, box.height, height);
  const result = new Float64Array(width * height);
  for (const [y, row] of rows.entries()) {
    for (const [x, column] of columns.entries()) {
      let sum = 0;
      for (const { at: fromY, share: shareY } of row)
        for (const { at: fromX, share: shareX } of column)
          sum += image.pixels[fromY * image.width + fromX]! * shareX * shareY;
      result[y * width + x] = sum;
    }
  }
  return result;
}

/** For each of `count` new pixels, which old ones lie under it, and their shares, which add up to 1. */
function coverage(begin: number, length: number, count: number): { at: number; share: number }[][] {
  const step = length / count;
  return Array.from({ length: count }, (_, index) => {
    const from = index * step;
    const to = from + step;
    const covered = [];
    for (let at = Math.floor(from); at < Math.min(length, Math.ceil(to)); at += 1) {
      const share = (Math.min(to, at + 1) - Math.max(from, at)) / step;
      if (share > 0) covered.push({ at: begin + at, share });
    }
    return covered;
  });
}

/** Puts scaled ink into the prepared image, its centre of mass as near to the middle as it goes. */
function placeByMass(ink: Float64Array, width: number, height: number): Uint8Array {
  let [mass, massX, massY] = [0, 0, 0];
  for (const [at, value] of ink.entries()) {
    mass += value;
    massX += value * ((at % width) + 0.5);
    massY += value * (Math.floor(at / width) + 0.5);
  }
  const place = (centre: number, length: number): number =>
    Math.min(PREPARED_SIZE - length, Math.max(0, Math.round(PREPARED_SIZE / 2 - centre)));
  const left = place(massX / mass, width);
  const top = place(massY / mass, height);
  const prepared = new Uint8Array(PREPARED_SIZE * PREPARED_SIZE);
  for (const [at, value] of ink.entries()) {
    const x = left + (at % width);
    const y = top + Math.floor(at / width);
    prepared[y * PREPARED_SIZE + x] = Math.round(value);
  }
  return prepared;
}
