import { type Cell, isMissing, numberIn } from './cell.js';
import type { TableSource } from './source.js';

/** The most categories or classes that a column may hold. */
export const maximumCategories = 1000;

/** A cell and where it stands. */
export interface Found {
  readonly source: TableSource;
  readonly line: number;
  readonly cell: Cell;
}

/** What is known of a column after all its cells were seen; its size does not grow with the rows. */
export class ColumnStatistics {
  numbers = 0;
  texts = 0;
  missing = 0;
  firstText: Found | null = null;
  firstMissing: Found | null = null;
  /** The first number that is infinite in binary32. */
  firstInfinite: Found | null = null;
  /** The different cells as text, or null once there are more than `maximumCategories`. */
  distinct: Set<string> | null = new Set();

  /** @param cell trimmed */
  add(cell: Cell, source: TableSource, line: number): void {
    const value = numberIn(cell);
    if (!Number.isNaN(value)) {
      this.numbers += 1;
      if (this.firstInfinite === null && !Number.isFinite(Math.fround(value))) {
        this.firstInfinite = { source, line, cell };
      }
    } else if (isMissing(cell)) {
      this.missing += 1;
      this.firstMissing ??= { source, line, cell };
      return;
    } else {
      this.texts += 1;
      this.firstText ??= { source, line, cell };
    }
    if (this.distinct === null) return;
    this.distinct.add(String(cell));
    if (this.distinct.size > maximumCategories) this.distinct = null;
  }

  /** Whether every cell that holds a value holds a number. */
  get isNumeric(): boolean {
    return this.texts === 0;
  }
}
