import { BitgradError, isMissing, numberIn, show } from '@bitgrad/core';
import type { Cell } from './cell.js';
import type { Reading } from './column-cells.js';
import type { ColumnStore } from './column-store.js';

/** How a table is read before anything is known of it. */
const USUAL: Pick<Reading, 'rules' | 'decimal'> = { rules: 2, decimal: '.' };

/** Whether a row above the names only says what the table is: none of its cells but the first holds something. */
export function isTitle([cell, ...others]: readonly Cell[], { rules, decimal } = USUAL): boolean {
  const isText = Number.isNaN(numberIn(cell as string | number | null, rules, decimal));
  return isText && others.length > 0 && others.every((other) => other === '' || other === null);
}

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
  return columns.every((column, index) => column.countOf(String(first[index])) === 0);
}

/**
 * Whether a table's first row, which was read as values because it holds a number, names its columns after
 * all, as in `country,1990,2000,group`: its numbers are whole, no column holds its text again, and a cell of
 * it is the only one of its kind in its column, or its numbers are years or follow each other.
 *
 * @param first trimmed
 * @param columns of all rows, the first one too
 */
export function looksLikeNumberedHeader(
  first: readonly Cell[],
  columns: readonly ColumnStore[],
  { rules, decimal }: Reading,
): boolean {
  let isOdd = false;
  const found: number[] = [];
  for (const [index, cell] of first.entries()) {
    const { numbers, dates, texts } = columns[index]!;
    const number = numberIn(cell as string | number | null, rules, decimal);
    if (Number.isNaN(number)) {
      if (columns[index]!.countOf(String(cell)) > 1) return false;
      isOdd ||= texts + dates === 1 && numbers > 0 && !isMissing(cell as string | null, rules);
    } else {
      if (!Number.isSafeInteger(number)) return false;
      found.push(number);
      isOdd ||= numbers === 1 && texts + dates > 1;
    }
  }
  return isOdd || (found.length < first.length && followEachOther(found));
}

/** Whether a first row of nothing but numbers that was read as values may be meant as names: 2019, 2020, 2021. */
export function mayBeNumberedHeader(first: readonly Cell[], { rules, decimal }: Reading): boolean {
  const numbers = first.map((cell) => numberIn(cell as string | number | null, rules, decimal));
  return numbers.every(Number.isSafeInteger) && followEachOther(numbers);
}

/** Whether numbers have the same distance each, or are two different years. */
function followEachOther(numbers: readonly number[]): boolean {
  const [a = 0, b = 0] = numbers;
  const step = b - a;
  if (numbers.length < 2 || step === 0) return false;
  if (numbers.length === 2) return numbers.every((year) => year >= 1800 && year < 2200);
  return numbers.every((number, at) => number === a + at * step);
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
  checkDistinct(
    names,
    fileName,
    'Rename one of them, or say that there is no header if the first row holds values.',
  );
  return names;
}

/** @throws BitgradError if two columns have one name */
export function checkDistinct(names: readonly string[], fileName: string, fix: string): void {
  const seen = new Map<string, number>();
  for (const [index, name] of names.entries()) {
    const earlier = seen.get(name);
    if (earlier !== undefined) {
      throw new BitgradError(
        `${fileName}: expected a different name for each column, received ${show(name)} for columns ${earlier + 1} and ${index + 1}`,
        fix,
      );
    }
    seen.set(name, index);
  }
}

function isMissingName(cell: Cell): boolean {
  return typeof cell !== 'string' && isMissing(cell, 1);
}
