/**
 * Draws pen strokes into a grey image without a canvas, so that the same strokes give the same bytes
 * in every browser and in Node.
 */

import type { GreyImage } from '@bitgrad/formats/prepare';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A line that the pen drew without being lifted. */
export type Stroke = readonly Point[];

/**
 * Draws strokes with a round pen. A pixel's value falls from 255 to 0 over one pixel around the
 * pen's edge; strokes that cross do not add up. 0 is the ground, 255 the ink.
 *
 * @param size the image's width and height, in the strokes' own units
 * @param penRadius in the same units
 */
export function drawStrokes(
  strokes: readonly Stroke[],
  size: number,
  penRadius: number,
): GreyImage {
  const pixels = new Uint8Array(size * size);
  for (const stroke of strokes) {
    for (const [index, point] of stroke.entries()) {
      drawSegment(pixels, size, stroke[Math.max(0, index - 1)]!, point, penRadius);
    }
  }
  return { width: size, height: size, pixels };
}

/** Draws all pixels near the line from `from` to `to`, which may be one point. */
function drawSegment(
  pixels: Uint8Array,
  size: number,
  from: Point,
  to: Point,
  radius: number,
): void {
  const reach = radius + 1;
  const left = Math.max(0, Math.floor(Math.min(from.x, to.x) - reach));
  const right = Math.min(size - 1, Math.ceil(Math.max(from.x, to.x) + reach));
  const top = Math.max(0, Math.floor(Math.min(from.y, to.y) - reach));
  const bottom = Math.min(size - 1, Math.ceil(Math.max(from.y, to.y) + reach));
  const alongX = to.x - from.x;
  const alongY = to.y - from.y;
  const squared = alongX * alongX + alongY * alongY;
  for (let y = top; y <= bottom; y += 1) {
    for (let x = left; x <= right; x += 1) {
      // The distance from the pixel's middle to the nearest point of the line.
      const [fromX, fromY] = [x + 0.5 - from.x, y + 0.5 - from.y];
      const projected = squared === 0 ? 0 : (fromX * alongX + fromY * alongY) / squared;
      const nearest = Math.min(1, Math.max(0, projected));
      const offX = from.x + nearest * alongX - (x + 0.5);
      const offY = from.y + nearest * alongY - (y + 0.5);
      const distance = Math.sqrt(offX * offX + offY * offY);
      const coverage = Math.min(1, Math.max(0, radius + 0.5 - distance));
      const at = y * size + x;
      pixels[at] = Math.max(pixels[at]!, Math.round(255 * coverage));
    }
  }
}

/** The middle of some coordinates, and how far they reach. */
export function spanOf(values: readonly number[]): { middle: number; length: number } {
  const least = values.reduce((a, b) => Math.min(a, b));
  const most = values.reduce((a, b) => Math.max(a, b));
  return { middle: (least + most) / 2, length: most - least };
}
