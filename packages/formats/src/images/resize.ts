import type { ImageSize } from '@bitgrad/core';

/** The source pixels that one target pixel covers, and how much of each. */
interface Cover {
  readonly first: number;
  readonly weights: readonly number[];
}

/**
 * Resizes by area: each target pixel is the mean of the source area under it. In units of 1/`to` of
 * a source pixel, target pixel `i` covers `[i · from, (i + 1) · from)` and source pixel `j` covers
 * `[j · to, (j + 1) · to)`; their overlap is the weight. With both directions multiplied, the
 * weights of a pixel add up to `n = height · width` of the source, and the pixel is
 * `⌊(Σ weight · grey + ⌊n ÷ 2⌋) ÷ n⌋`: integers all the way, rounded once. A size that stays
 * changes nothing.
 *
 * @param grey `[from.height, from.width]`
 * @param out `[to.height, to.width]`
 */
export function resize(grey: Uint8Array, from: ImageSize, to: ImageSize, out: Uint8Array): void {
  const rows = covers(from.height, to.height);
  const columns = covers(from.width, to.width);
  const area = from.height * from.width;
  const half = Math.floor(area / 2);
  const sums = new Float64Array(from.width);
  for (const [y, row] of rows.entries()) {
    sumRows(grey, from.width, row, sums);
    for (const [x, column] of columns.entries()) {
      let sum = half;
      for (const [index, weight] of column.weights.entries()) {
        sum += weight * sums[column.first + index]!;
      }
      // Sums stay below 2^53, and a quotient below 256 never rounds up to the next integer.
      out[y * to.width + x] = Math.floor(sum / area);
    }
  }
}

/** The weighted sum of some rows of pixels. */
function sumRows(
  grey: Uint8Array,
  width: number,
  { first, weights }: Cover,
  sums: Float64Array,
): void {
  sums.fill(0);
  for (const [index, weight] of weights.entries()) {
    const start = (first + index) * width;
    for (let x = 0; x < width; x += 1) sums[x] = sums[x]! + weight * grey[start + x]!;
  }
}

function covers(from: number, to: number): Cover[] {
  return Array.from({ length: to }, (_, target) => {
    const begin = target * from;
    const end = begin + from;
    const first = Math.floor(begin / to);
    const last = Math.ceil(end / to);
    const weights = Array.from({ length: last - first }, (_, index) => {
      const source = (first + index) * to;
      return Math.min(end, source + to) - Math.max(begin, source);
    });
    return { first, weights };
  });
}
