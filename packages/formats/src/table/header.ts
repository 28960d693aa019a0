import { BitgradError, isMissing, numberIn, show } from '@bitgrad/core';
import type { Cell } from './cell.js';
import type { ColumnStore, Reading } from './column-store.js';

/** Whether one of these cells holds a number, as a row of names does not. */
export function holdsNumber(cells: readonly Cell[], { rules, decimal }: Reading): boolean {
  return cells.some((cell) => !Number.isNaN(numberIn(cell, rules, decimal)));
}

/**
 * Whether a table's first row, which holds no number, names its columns. It does if a
 * column holds nothing but numbers or dates below it, or if no column holds the first row's text again.
 *
 * @param first trimmed
 * @param columns of the rows below
 */
export function looksLikeHeader(first: readonly Cell[], columns: readonly ColumnStore[]): boolean {
  if (columns.some(({ numbers, dates, texts }) => numbers + dates > 0 && texts === 0)) return true;
  return columns.every((column, index) => !column.holdsText(String(first[index])));
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
  return typeof cell !== 'string' && isMissing(cell, 1);
}
