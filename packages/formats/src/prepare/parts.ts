import type { GreyImage } from './grey-image.js';

/** A part is left out if it is smaller than this share of the largest. */
const SPECK = 1 / 40;

/** Pixels of ink that hang together. */
interface Part {
  readonly pixels: readonly number[];
  /** Whether some of it lies on the picture's edge. */
  readonly touchesEdge: boolean;
  /** Whether some of it lies in the picture's middle half. */
  readonly reachesMiddle: boolean;
}

/**
 * Marks with 1 the pixels that may belong to the digit: its parts, found where the contrast reaches
 * a threshold, and what borders on them. Specks of dust are left out, and so is what comes in over
 * the picture's edge and stays away from its middle: the desk, the next digit, a dark corner.
 */
export function digitOnly(contrast: GreyImage, threshold: number): Uint8Array {
  const { width, height } = contrast;
  const parts = partsOf(contrast, threshold);
  const candidates = parts.filter((part) => part.reachesMiddle || !part.touchesEdge);
  const largest = candidates.reduce((most, { pixels }) => Math.max(most, pixels.length), 0);
  const kept = candidates.filter(({ pixels }) => pixels.length >= largest * SPECK);
  const isKept = new Uint8Array(width * height);
  for (const { pixels } of kept) for (const at of pixels) isKept[at] = 1;
  return grown(isKept, contrast);
}

function partsOf({ width, height, pixels }: GreyImage, threshold: number): Part[] {
  const isSeen = new Uint8Array(pixels.length);
  const parts: Part[] = [];
  for (let start = 0; start < pixels.length; start += 1) {
    if (isSeen[start] === 1 || pixels[start]! < threshold) continue;
    const found = [start];
    isSeen[start] = 1;
    for (const at of found) {
      for (const neighbour of neighboursOf(at, width, height)) {
        if (isSeen[neighbour] === 1 || pixels[neighbour]! < threshold) continue;
        isSeen[neighbour] = 1;
        found.push(neighbour);
      }
    }
    parts.push({
      pixels: found,
      touchesEdge: found.some((at) => isOnEdge(at, width, height)),
      reachesMiddle: found.some((at) => isInMiddle(at, width, height)),
    });
  }
  return parts;
}

function isOnEdge(at: number, width: number, height: number): boolean {
  const [x, y] = [at % width, Math.floor(at / width)];
  return x === 0 || y === 0 || x === width - 1 || y === height - 1;
}

function isInMiddle(at: number, width: number, height: number): boolean {
  const [x, y] = [at % width, Math.floor(at / width)];
  return 4 * x >= width && 4 * x < 3 * width && 4 * y >= height && 4 * y < 3 * height;
}

/** Adds what borders on marked pixels, as far as the blurred edge of a stroke goes. */
function grown(isKept: Uint8Array, { width, height }: GreyImage): Uint8Array {
  const reach = 1 + Math.floor(Math.max(width, height) / 64);
  let current = isKept;
  for (let round = 0; round < reach; round += 1) {
    const next = current.slice();
    for (const [at, kept] of current.entries()) {
      if (kept === 0) continue;
      for (const neighbour of neighboursOf(at, width, height)) next[neighbour] = 1;
    }
    current = next;
  }
  return current;
}

/** The up to eight pixels around one. */
function neighboursOf(at: number, width: number, height: number): number[] {
  const [x, y] = [at % width, Math.floor(at / width)];
  const neighbours = [];
  for (let row = Math.max(0, y - 1); row <= Math.min(height - 1, y + 1); row += 1) {
    for (let column = Math.max(0, x - 1); column <= Math.min(width - 1, x + 1); column += 1) {
      if (row !== y || column !== x) neighbours.push(row * width + column);
    }
  }
  return neighbours;
}
