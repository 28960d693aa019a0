import { type Decimal, trimmed } from '@bitgrad/core';
import type { Cell } from '../table/cell.js';
import { ColumnStore } from '../table/column-store.js';
import { findNumberFormat, type NumberFormat } from '../table/number-format.js';
import type { TableSource } from '../table/source.js';

const READING = { rules: 2, decimal: '.', keepsAll: false } as const;

/** Gathers how the numbers of some columns are written. */
export class FormatFinder {
  private readonly columns: readonly ColumnStore[];
  private row = 0;

  constructor(
    private readonly source: Pick<TableSource, 'fileName'>,
    private readonly names: readonly string[],
    private readonly places: readonly number[],
  ) {
    this.columns = places.map(() => new ColumnStore(READING));
  }

  add(cells: readonly Cell[]): void {
    this.row += 1;
    for (const [at, column] of this.columns.entries()) {
      const cell = cells[this.places[at]!];
      if (typeof cell === 'string') column.add(trimmed(cell), this.source as TableSource, this.row);
    }
  }

  /** As `findNumberFormat`. */
  find(usual: Decimal | undefined, known: Decimal | undefined): NumberFormat | null {
    for (const column of this.columns) column.finish();
    const names = this.places.map((place) => this.names[place]!);
    return findNumberFormat(this.columns, names, usual, known);
  }
}
