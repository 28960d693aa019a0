import type { Preprocess } from '../program/ops.js';

const { fround } = Math;

/** What each of the 256 bytes becomes as a network's input. */
export function byteTable(preprocess: Exclude<Preprocess, 'none'>): Float32Array {
  const table = new Float32Array(256);
  for (let byte = 0; byte < 256; byte += 1) {
    table[byte] = preprocess === 'binarize' ? Number(byte > 0) : fround(byte / 255);
  }
  return table;
}

/** Writes one sample of bytes as floats: `out[start + f] = table[samples[from + f]]`. */
export function prepareBytes(
  samples: Uint8Array,
  from: number,
  features: number,
  table: Float32Array,
  out: Float32Array,
  start: number,
): void {
  for (let feature = 0; feature < features; feature += 1) {
    out[start + feature] = table[samples[from + feature]!]!;
  }
}

/**
 * The same for an image `[height, width]` moved right by `dx` and down by `dy` pixels, with zeros
 * coming in from the edges (a byte of 0 is an input of 0).
 */
export function prepareShifted(
  samples: Uint8Array,
  from: number,
  height: number,
  width: number,
  dx: number,
  dy: number,
  table: Float32Array,
  out: Float32Array,
  start: number,
): void {
  out.fill(0, start, start + height * width);
  const firstRow = Math.max(0, dy);
  const lastRow = Math.min(height, height + dy);
  const firstColumn = Math.max(0, dx);
  const lastColumn = Math.min(width, width + dx);
  for (let row = firstRow; row < lastRow; row += 1) {
    const to = start + row * width;
    const source = from + (row - dy) * width - dx;
    for (let column = firstColumn; column < lastColumn; column += 1) {
      out[to + column] = table[samples[source + column]!]!;
    }
  }
}

/** Writes one sample of floats. */
export function prepareFloats(
  samples: Float32Array,
  from: number,
  features: number,
  out: Float32Array,
  start: number,
): void {
  for (let feature = 0; feature < features; feature += 1) {
    out[start + feature] = samples[from + feature]!;
  }
}
