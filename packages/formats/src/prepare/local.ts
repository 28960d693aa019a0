import { type GreyImage, roundedQuotient } from './grey-image.js';

/** The window around a pixel that is looked at: half of the picture's longer side, cut at its edges. */
function reachOf({ width, height }: GreyImage): number {
  return Math.max(1, Math.floor(Math.max(width, height) / 4));
}

/**
 * The brightness that the ground has at each pixel, the ink taken away: the least within reach of
 * the greatest within reach (a morphological closing) for dark ink, which follows uneven light.
 */
export function brightGround(image: GreyImage): Uint8Array {
  const reach = reachOf(image);
  return extremes(extremes(image.pixels, image, reach, 'greatest'), image, reach, 'least');
}

/** Each pixel's greatest neighbour up to so many pixels away, which makes bright strokes wider. */
export function widened(image: GreyImage, reach: number): GreyImage {
  return { ...image, pixels: extremes(image.pixels, image, reach, 'greatest') };
}

/** Each pixel's greatest or least neighbour within reach, first along rows, then along columns. */
function extremes(
  pixels: Uint8Array,
  { width, height }: GreyImage,
  reach: number,
  kind: 'greatest' | 'least',
): Uint8Array {
  const alongRows = new Uint8Array(pixels.length);
  for (let y = 0; y < height; y += 1) {
    slide(pixels, alongRows, y * width, 1, width, reach, kind);
  }
  const result = new Uint8Array(pixels.length);
  for (let x = 0; x < width; x += 1) slide(alongRows, result, x, width, height, reach, kind);
  return result;
}

/**
 * The extreme of a window that slides along one line. The queue holds the positions that can still
 * become it, the current one first.
 */
function slide(
  from: Uint8Array,
  to: Uint8Array,
  start: number,
  step: number,
  length: number,
  reach: number,
  kind: 'greatest' | 'least',
): void {
  const sign = kind === 'greatest' ? 1 : -1;
  const valueAt = (position: number): number => sign * from[start + position * step]!;
  const queue = new Int32Array(length);
  let [first, end] = [0, 0];
  for (let position = 0; position < length + reach; position += 1) {
    if (position < length) {
      while (end > first && valueAt(queue[end - 1]!) <= valueAt(position)) end -= 1;
      queue[end] = position;
      end += 1;
    }
    const centre = position - reach;
    if (centre < 0) continue;
    if (queue[first]! < centre - reach) first += 1;
    to[start + centre * step] = sign * valueAt(queue[first]!);
  }
}

/** Each pixel's difference from the mean of its surroundings. */
export function localDifferences(image: GreyImage): Int16Array {
  const { width, height, pixels } = image;
  const reach = reachOf(image);
  const sums = integral(image);
  const differences = new Int16Array(pixels.length);
  for (let y = 0; y < height; y += 1) {
    const [top, bottom] = [Math.max(0, y - reach), Math.min(height, y + reach + 1)];
    for (let x = 0; x < width; x += 1) {
      const [left, right] = [Math.max(0, x - reach), Math.min(width, x + reach + 1)];
      const at = (row: number, column: number): number => sums[row * (width + 1) + column]!;
      const sum = at(bottom, right) - at(top, right) - at(bottom, left) + at(top, left);
      const mean = roundedQuotient(sum, (bottom - top) * (right - left));
      differences[y * width + x] = pixels[y * width + x]! - mean;
    }
  }
  return differences;
}

/** The sums of all pixels above and to the left, `[height + 1, width + 1]`. */
function integral({ width, height, pixels }: GreyImage): Uint32Array {
  const sums = new Uint32Array((width + 1) * (height + 1));
  for (let y = 0; y < height; y += 1) {
    let row = 0;
    for (let x = 0; x < width; x += 1) {
      row += pixels[y * width + x]!;
      sums[(y + 1) * (width + 1) + x + 1] = sums[y * (width + 1) + x + 1]! + row;
    }
  }
  return sums;
}
