import { BitgradError } from '@bitgrad/core';
import { maximumInputBytes } from '../limits.js';
import type { LoadOptions } from '../options.js';
import { type Cell, trimmed } from './cell.js';
import { ColumnStatistics } from './column.js';
import { columnNames, looksLikeHeader } from './header.js';
import { placeOf, type TableSource } from './source.js';

/** A table's files, in the order in which their rows become samples. */
export interface TableParts {
  readonly train: readonly TableSource[];
  readonly test: readonly TableSource[];
}

/** What the first pass over a table finds. */
export interface Survey {
  readonly names: readonly string[];
  readonly columns: readonly ColumnStatistics[];
  /** Whether each file's first row holds the names. */
  readonly hasHeader: boolean;
  readonly trainCount: number;
  readonly testCount: number;
  /** Rows with a cell that holds no value. */
  readonly incompleteRows: number;
}

/**
 * Reads all files once, keeping only what is known of each column.
 *
 * @throws BitgradError if rows or files do not fit each other, or there are none
 */
export async function surveyTable(parts: TableParts, options: LoadOptions): Promise<Survey> {
  const surveyor = new Surveyor(options.header ?? 'auto');
  for (const source of parts.train) await surveyor.read(source);
  const trainCount = surveyor.rows;
  for (const source of parts.test) await surveyor.read(source);
  const { names, columns, incompleteRows } = surveyor;
  return {
    names,
    columns,
    hasHeader: surveyor.hasHeader,
    trainCount,
    testCount: surveyor.rows - trainCount,
    incompleteRows,
  };
}

class Surveyor {
  rows = 0;
  incompleteRows = 0;
  names: readonly string[] = [];
  columns: ColumnStatistics[] = [];
  hasHeader = false;
  private firstFile: string | null = null;
  /** More rows would take more than the largest inputs, whatever their cells. */
  private mostRows = 0;

  constructor(private readonly header: boolean | 'auto') {}

  async read(source: TableSource): Promise<void> {
    // Whether the first row of the first file is a header shows only at the end of that file.
    let first: { readonly cells: Cell[]; readonly line: number } | null = null;
    const rowsBefore = this.rows;
    if (source.names !== null) this.openColumns(source.names.length, source, 1);
    await source.scan((cells, line) => {
      if (first !== null || source.names !== null) this.add(cells, source, line);
      else {
        first = { cells: cells.map(trimmed), line };
        this.openColumns(cells.length, source, line);
      }
    });
    this.settle(source, first);
    if (this.rows === rowsBefore) {
      throw new BitgradError(`${source.fileName}: expected rows of values, received none`);
    }
  }

  /** Decides what the first row is, and whether this file's columns are those of the first file. */
  private settle(
    source: TableSource,
    first: { readonly cells: Cell[]; readonly line: number } | null,
  ): void {
    const isFirstFile = this.firstFile === null;
    if (first === null && source.names === null) return;
    if (isFirstFile && first !== null) {
      this.hasHeader =
        this.header === 'auto' ? looksLikeHeader(first.cells, this.columns) : this.header;
    }
    if (first !== null && !this.hasHeader) this.add(first.cells, source, first.line);
    const row = this.hasHeader && first !== null ? first.cells : null;
    const names = source.names ?? columnNames(row, this.columns.length, source.fileName);
    if (isFirstFile) {
      this.names = names;
      this.firstFile = source.fileName;
    } else if (names.join('\n') !== this.names.join('\n')) {
      throw new BitgradError(
        `${source.fileName}: expected the columns of ${this.firstFile}, received others (${names.slice(0, 6).join(', ')})`,
      );
    }
  }

  private openColumns(width: number, source: TableSource, line: number): void {
    if (this.columns.length === 0) {
      if (width < 2) {
        throw new BitgradError(
          `${source.fileName}: expected at least 2 columns, one of them the label, received ${width}`,
          'Columns are separated by commas, semicolons, tabs or vertical bars.',
        );
      }
      this.columns = Array.from({ length: width }, () => new ColumnStatistics());
      this.mostRows = maximumInputBytes / (Float32Array.BYTES_PER_ELEMENT * (width - 1));
    }
    this.checkWidth(width, source, line);
  }

  private checkWidth(width: number, source: TableSource, line: number): void {
    if (width === this.columns.length) return;
    throw new BitgradError(
      `${placeOf(source, line)}: expected ${this.columns.length} cells as in the first row, received ${width}`,
    );
  }

  private add(cells: readonly Cell[], source: TableSource, line: number): void {
    const { columns } = this;
    this.checkWidth(cells.length, source, line);
    let isIncomplete = false;
    for (let index = 0; index < columns.length; index += 1) {
      const cell = trimmed(cells[index]!);
      const column = columns[index]!;
      const before = column.missing;
      column.add(cell, source, line);
      if (column.missing !== before) isIncomplete = true;
    }
    this.rows += 1;
    if (this.rows > this.mostRows) {
      throw new BitgradError(
        `${placeOf(source, line)}: expected at most ${Math.floor(this.mostRows)} rows of ${columns.length} columns, received more`,
      );
    }
    if (isIncomplete) this.incompleteRows += 1;
  }
}
