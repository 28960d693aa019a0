/** A cell of a table as its file has it: text, a number, or nothing. */
export type Cell = string | number | null;

const MISSING = new Set(['', '?', 'na', 'n/a', 'nan', '-nan', 'null']);
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const INFINITE = /^[+-]?inf(?:inity)?$/i;
const LONGEST_MARK = 4;

/** A cell without the white space around it. */
export function trimmed(cell: Cell): Cell {
  return typeof cell === 'string' ? cell.trim() : cell;
}

/** Whether a trimmed cell says that there is no value: empty, `?`, `NA`, `N/A`, `NaN`, `null`. */
export function isMissing(cell: Cell): boolean {
  if (typeof cell === 'number') return Number.isNaN(cell);
  return cell === null || (cell.length <= LONGEST_MARK && MISSING.has(cell.toLowerCase()));
}

/** The number in a trimmed cell, infinite ones too; NaN where it holds none. */
export function numberIn(cell: Cell): number {
  if (typeof cell === 'number') return cell;
  if (cell === null) return Number.NaN;
  if (NUMBER.test(cell)) return Number(cell);
  if (!INFINITE.test(cell)) return Number.NaN;
  return cell.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

/** A label that is a number, written in one way: `1`, `01` and `1.0` are one class. */
export function canonicalNumber(cell: Cell): string {
  return String(numberIn(cell) + 0);
}
