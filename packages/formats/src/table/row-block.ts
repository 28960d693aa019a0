import { CellBlock } from './cell-block.js';

/** The most rows of a block, and the most cells, so that a processor's cache holds it. */
const MOST_ROWS = 256;
const MOST_CELLS = 2 ** 14;

/** Some rows of a text one after the other, a column at a time. */
export class RowBlock {
  /** How many rows it holds, and has room for. */
  rows = 0;
  readonly room: number;
  /** Where each row stands, counted from 1. */
  readonly lines: Int32Array;
  readonly columns: readonly CellBlock[];

  constructor(width: number) {
    this.room = Math.max(1, Math.min(MOST_ROWS, Math.floor(MOST_CELLS / width)));
    this.lines = new Int32Array(this.room);
    this.columns = Array.from({ length: width }, () => new CellBlock(this.room));
  }

  /** The cells of a row. */
  cellsOf(row: number): (string | number)[] {
    return this.columns.map((column) => column.cellAt(row));
  }

  /** Makes room for the rows that follow. */
  clear(): void {
    this.rows = 0;
    for (const column of this.columns) column.forget();
  }
}
