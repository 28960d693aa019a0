import { BitgradError } from '@bitgrad/core';
import type { ParseResult } from 'papaparse';
import type { VisitRow } from '../table/source.js';
import type { Dialect } from './dialect.js';

/** The longest row, in pieces of the file that hold no whole row: an open quote swallows the rest. */
const longestRowPieces = 16;

/** Passes rows on and counts the lines that they take. */
export class RowReader {
  private emptyPieces = 0;

  constructor(
    private readonly path: string,
    private readonly dialect: Dialect,
    private readonly visit: VisitRow,
    /** Where the first row begins. */
    private line = 1,
  ) {}

  /** @throws BitgradError at the first row whose quotes do not match, and what `visit` throws */
  take({ data, errors }: Pick<ParseResult<string[]>, 'data' | 'errors'>): void {
    const [error] = errors.filter(({ type }) => type === 'Quotes');
    for (const [index, cells] of data.entries()) {
      if (error?.row === index) throw this.badQuotes();
      const isRow = cells.length > 1 || (cells[0] ?? '').trim() !== '';
      if (isRow) this.visit(cells, this.line);
      this.line += this.linesOf(cells);
    }
    if (error) throw this.badQuotes();
    this.emptyPieces = data.length === 0 ? this.emptyPieces + 1 : 0;
    if (this.emptyPieces > longestRowPieces) {
      throw new BitgradError(
        `${this.path}: line ${this.line}: expected a row that ends, received one of more than ${longestRowPieces} pieces of 64 KiB`,
        'A quote that opens a cell and is never closed takes in all that follows.',
      );
    }
  }

  private linesOf(cells: readonly string[]): number {
    let lines = 1;
    for (const cell of cells) {
      if (cell.includes(this.dialect.newline)) lines += cell.split(this.dialect.newline).length - 1;
    }
    return lines;
  }

  private badQuotes(): BitgradError {
    return new BitgradError(
      `${this.path}: line ${this.line}: expected a quote to close its cell, received one that does not`,
      'Inside a quoted cell, a quote is written twice.',
    );
  }
}
