import { BitgradError, show } from '@bitgrad/core';
import { type Cell, isMissing, numberIn } from './cell.js';
import type { ColumnStatistics } from './column.js';

/**
 * Whether a table's first row names its columns. It does not if it holds a number. It does if a
 * column holds nothing but numbers below it, or if no column holds the first row's text again.
 *
 * @param first trimmed
 * @param columns of the rows below
 */
export function looksLikeHeader(
  first: readonly Cell[],
  columns: readonly ColumnStatistics[],
): boolean {
  if (first.some((cell) => !Number.isNaN(numberIn(cell)))) return false;
  if (columns.some(({ numbers, isNumeric }) => numbers > 0 && isNumeric)) return true;
  return columns.every(({ distinct }, index) => distinct?.has(String(first[index])) !== true);
}

/**
 * The names of a table's columns; `column 1` and so on where they have none.
 *
 * @param first the row of names, or null
 * @throws BitgradError if two columns have one name
 */
export function columnNames(
  first: readonly Cell[] | null,
  width: number,
  fileName: string,
): string[] {
  const names = Array.from({ length: width }, (_, index) => {
    const cell = first?.[index] ?? null;
    return cell === '' || cell === null || (first !== null && isMissingName(cell))
      ? `column ${index + 1}`
      : String(cell);
  });
  const seen = new Map<string, number>();
  for (const [index, name] of names.entries()) {
    const earlier = seen.get(name);
    if (earlier !== undefined) {
      throw new BitgradError(
        `${fileName}: expected a different name for each column, received ${show(name)} for columns ${earlier + 1} and ${index + 1}`,
        'Rename one of them, or say that there is no header if the first row holds values.',
      );
    }
    seen.set(name, index);
  }
  return names;
}

function isMissingName(cell: Cell): boolean {
  return typeof cell !== 'string' && isMissing(cell);
}
