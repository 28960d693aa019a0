import { BitgradError } from '@bitgrad/core';

/**
 * A row of other cells than the first one has.
 *
 * @param place of the row
 */
export function widthError(place: string, expected: number, received: number): BitgradError {
  return new BitgradError(
    `${place}: expected ${expected} cells as in the first row, received ${received}`,
    received === expected + 1
      ? "A cell with a separator in it stands in quotes. Where every row has one more, the first one lacks a name: write.table of R leaves out that of the rows' names, write.csv does not."
      : undefined,
  );
}
