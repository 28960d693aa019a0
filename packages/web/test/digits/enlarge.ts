import type { GreyImage } from '@bitgrad/formats/prepare';

/** Width and height of scikit-learn's digits. */
export const SMALL_SIZE = 8;
/** A cell's value where all of it is ink. */
const FULL = 16;
/** Cells of ground around the digit, and how many pixels a cell becomes. */
const MARGIN = 2;
const FACTOR = 5;
const SIZE = (SMALL_SIZE + 2 * MARGIN) * FACTOR;
/**
 * Each cell is the share of ink among 4×4 black and white pixels, which makes a stroke's edge as wide
 * as a cell. Twice the contrast makes it half as wide, where it was.
 */
const CONTRAST = 2;

/**
 * Enlarges one of scikit-learn's digits smoothly, as somebody might who wants to look at it.
 *
 * @param cells `[8, 8]`, from 0 to 16
 */
export function enlarge(cells: Uint8Array): GreyImage {
  const rows = Array.from({ length: SMALL_SIZE }, (_, row) =>
    Array.from(cells.subarray(row * SMALL_SIZE, (row + 1) * SMALL_SIZE), (cell) => cell / FULL),
  );
  const shares = transposed(transposed(rows.map(stretched)).map(stretched)).flat();
  const pixels = Uint8Array.from(shares, (share) =>
    Math.round(255 * Math.min(1, Math.max(0, (share - 0.5) * CONTRAST + 0.5))),
  );
  return { width: SIZE, height: SIZE, pixels };
}

/** 8 values along a line as `SIZE` of them, with ground on both sides. */
function stretched(values: readonly number[]): number[] {
  return WEIGHTS.map((weights) =>
    weights.reduce((sum, weight, cell) => sum + weight * values[cell]!, 0),
  );
}

function transposed(rows: readonly (readonly number[])[]): number[][] {
  return rows[0]!.map((_, column) => rows.map((row) => row[column]!));
}

/** The cubic kernel of Catmull and Rom (1974), by the distance in cells. */
function catmullRom(distance: number): number {
  if (distance < 1) return 1.5 * distance ** 3 - 2.5 * distance ** 2 + 1;
  if (distance < 2) return -0.5 * distance ** 3 + 2.5 * distance ** 2 - 4 * distance + 2;
  return 0;
}

/** By pixel: how much each of the 8 cells counts for it. */
const WEIGHTS = Array.from({ length: SIZE }, (_, pixel) => {
  const place = (pixel + 0.5) / FACTOR - MARGIN - 0.5;
  return Array.from({ length: SMALL_SIZE }, (_, cell) => catmullRom(Math.abs(place - cell)));
});
