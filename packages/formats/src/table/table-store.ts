import { BitgradError, show, type TableEncoding, trimmed } from '@bitgrad/core';
import { maximumInputBytes } from '../limits.js';
import type { LoadOptions } from '../options.js';
import type { Cell } from './cell.js';
import type { Reading } from './column-cells.js';
import { ColumnStore } from './column-store.js';
import { findDateOrder, NO_ORDER } from './date-order.js';
import {
  columnNames,
  holdsNumber,
  isTitle,
  looksLikeHeader,
  looksLikeNumberedHeader,
  mayBeNumberedHeader,
} from './header.js';
import { findNumberFormat, PLAIN_FORMAT } from './number-format.js';
import type { RowBlock } from './row-block.js';
import { placeOf, type TableSource, type VisitBlock, type VisitRow } from './source.js';
import { widthError } from './width-error.js';

/** A table's files, in the order in which their rows become samples. */
export interface TableParts {
  readonly train: readonly TableSource[];
  readonly validation?: readonly TableSource[];
  readonly test: readonly TableSource[];
}

/** A table in memory: all its cells, and what is known of its columns. */
export interface TableStore {
  readonly names: readonly string[];
  readonly columns: readonly ColumnStore[];
  readonly reading: Reading;
  /** Rows of each part. */
  readonly trainCount: number;
  readonly validationCount: number;
  readonly testCount: number;
  /** The first row of each file. */
  readonly starts: readonly { readonly fileName: string; readonly start: number }[];
  /** For people. */
  readonly notes: readonly string[];
}

/**
 * Reads all files into memory. Where the cells show decimal commas, or dates that are not of ISO 8601,
 * they are read a second time.
 *
 * @param known the encoding of a model, for cells that do not show how they are written
 * @throws BitgradError if rows or files do not fit each other, or there are none
 */
export async function storeTable(
  parts: TableParts,
  options: LoadOptions,
  rules: number,
  known: TableEncoding | undefined,
): Promise<TableStore> {
  const header = options.header ?? 'auto';
  const keepsAll = options.categorical !== undefined;
  const first = { rules, decimal: '.', dates: known?.dates, keepsAll } as const;
  const [{ usualDecimal, categories }] = [...parts.train, ...parts.test] as [TableSource];
  const followed = known?.columns.filter((column) => column.categories !== null);
  const textual = new Set(followed?.map(({ name }) => name) ?? categories);
  const store = await storeWhole(parts, header, first, textual);
  if (rules === 1) return store;
  const { columns, names } = store;
  const learnt = known && (known.decimal ?? '.');
  const format = findNumberFormat(columns, names, usualDecimal?.(), learnt) ?? PLAIN_FORMAT;
  const written = known ? NO_ORDER : findDateOrder(store.columns, store.names, format.decimal);
  const sources = [...parts.train, ...(parts.validation ?? []), ...parts.test];
  const notes = [
    ...store.notes,
    ...sources.flatMap((source) => source.notes?.() ?? []),
    ...(format.note === null ? [] : [format.note]),
    ...(written.note === null ? [] : [written.note]),
  ];
  const { decimal } = format;
  const dates = written.order ?? known?.dates;
  if (decimal === '.' && dates === first.dates) return { ...store, notes };
  const reading = { rules, decimal, dates, keepsAll };
  return { ...(await storeWhole(parts, header, reading, textual)), notes };
}

/**
 * Reads once more where what is kept is not enough, because texts came late or cells have to be categories.
 *
 * @param textual names of columns that have to
 */
async function storeWhole(
  parts: TableParts,
  header: boolean | 'auto',
  reading: Reading,
  textual: ReadonlySet<string>,
): Promise<TableStore> {
  const store = await storeAs(parts, header, reading);
  const isWhole = store.columns.every((column, at) =>
    column.isEnough(textual.has(store.names[at]!)),
  );
  return isWhole ? store : storeAs(parts, header, { ...reading, keepsAll: true });
}

async function storeAs(
  parts: TableParts,
  header: boolean | 'auto',
  reading: Reading,
): Promise<TableStore> {
  const reader = new TableReader(header, reading);
  const { train, validation = [], test } = parts;
  for (const source of train) await reader.read(source);
  // Only the rows below tell that the first one was none of names.
  if (reader.isMistaken) return storeAs(parts, !reader.hasHeader, reading);
  const trainCount = reader.rows;
  for (const source of validation) await reader.read(source);
  const validationCount = reader.rows - trainCount;
  for (const source of test) await reader.read(source);
  const { names, columns, starts } = reader;
  for (const column of columns) column.finish();
  const testCount = reader.rows - trainCount - validationCount;
  const { fileName } = train[0]!;
  const notes = [
    ...(reader.titles.length === 0 ? [] : [titleNote(fileName, reader.titles)]),
    ...(reader.mayHaveNames
      ? [
          `${fileName}: the first row is read as values, though its numbers follow each other: if it names the columns, let one name begin with a letter`,
        ]
      : []),
  ];
  return { names, columns, reading, trainCount, validationCount, testCount, starts, notes };
}

function titleNote(fileName: string, titles: readonly string[]): string {
  const [title = ''] = titles.filter((one) => one !== '');
  const rows = titles.length === 1 ? 'a row' : `${titles.length} rows`;
  return `${fileName}: ${rows} above the names of the columns ${titles.length === 1 ? 'is' : 'are'} left out${title === '' ? '' : ` (${show(title)})`}`;
}

class TableReader {
  rows = 0;
  names: readonly string[] = [];
  columns: ColumnStore[] = [];
  /** Rows above the names. */
  readonly titles: string[] = [];
  readonly starts: { readonly fileName: string; readonly start: number }[] = [];
  /** Whether the first row was taken for names though it holds values, or the other way round. */
  isMistaken = false;
  hasHeader: boolean;
  /** Whether the first row is read as values, but looks as if it might be one of names. */
  mayHaveNames = false;
  private firstFile: string | null = null;
  /** More rows would take more than the largest inputs, whatever their cells. */
  private mostRows = 0;

  constructor(
    private readonly header: boolean | 'auto',
    private readonly reading: Reading,
  ) {
    this.hasHeader = header !== false;
  }

  async read(source: TableSource): Promise<void> {
    const { rows } = this;
    this.starts.push({ fileName: source.fileName, start: rows });
    for (const column of this.columns) column.beginFile();
    let first: readonly Cell[] | null = null;
    if (source.names !== null) this.open(null, source.names, source, 1);
    const visit: VisitRow = (cells, line) => {
      if (first !== null || source.names !== null) {
        this.add(cells, source, line);
        return;
      }
      const found = cells.map(trimmed);
      if (this.reading.rules > 1 && this.firstFile === null && isTitle(found, this.reading)) {
        this.titles.push(String(found[0] ?? ''));
        return;
      }
      first = found;
      if (this.firstFile === null && this.header === 'auto') {
        this.hasHeader = !holdsNumber(first, this.reading);
      }
      this.open(this.hasHeader ? first : null, null, source, line, cells.length);
      if (!this.hasHeader) this.add(found, source, line);
    };
    const visitBlock: VisitBlock = (block) => {
      let row = 0;
      for (; first === null && row < block.rows; row += 1) {
        visit(block.cellsOf(row), block.lines[row]!);
      }
      this.addBlock(block, row, source);
    };
    await source.scan(visit, this.reading.decimal, visitBlock);
    if (this.rows === rows) {
      throw new BitgradError(`${source.fileName}: expected rows of values, received none`);
    }
    const isFirst = this.firstFile === null;
    this.firstFile ??= source.fileName;
    if (!isFirst || this.header !== 'auto' || first === null) return;
    const { columns, reading, hasHeader } = this;
    this.isMistaken = hasHeader
      ? !looksLikeHeader(first, columns)
      : reading.rules > 1 && looksLikeNumberedHeader(first, columns, reading);
    this.mayHaveNames = !hasHeader && !this.isMistaken && mayBeNumberedHeader(first, reading);
    if (hasHeader && !this.isMistaken)
      this.names = columnNames(first, this.columns.length, source.fileName);
  }

  /** Makes the columns, or compares a further file's with them. */
  private open(
    row: readonly Cell[] | null,
    known: readonly string[] | null,
    source: TableSource,
    line: number,
    width = known?.length ?? 0,
  ): void {
    const { fileName } = source;
    if (this.columns.length === 0) {
      if (width < 2) {
        throw new BitgradError(
          `${fileName}: expected at least 2 columns, one of them the label, received ${width}`,
          'Columns are separated by commas, semicolons, tabs, vertical bars or spaces; no title stands above them.',
        );
      }
      this.columns = Array.from({ length: width }, () => new ColumnStore(this.reading));
      this.mostRows = maximumInputBytes / (Float32Array.BYTES_PER_ELEMENT * (width - 1));
    }
    this.checkWidth(width, source, line);
    // Whether the first row of the first file is one of names shows only at the end of that file.
    if (this.firstFile === null && this.header === 'auto' && row !== null) return;
    const names = known ?? columnNames(row, width, fileName);
    if (this.firstFile === null) this.names = names;
    else if (names.join('\n') !== this.names.join('\n')) {
      throw new BitgradError(
        `${fileName}: expected the columns of ${this.firstFile}, received others (${names.slice(0, 6).join(', ')})`,
      );
    }
  }

  private checkWidth(width: number, source: TableSource, line: number): void {
    if (width === this.columns.length) return;
    throw widthError(placeOf(source, line), this.columns.length, width);
  }

  private add(cells: readonly Cell[], source: TableSource, line: number): void {
    const { columns } = this;
    this.checkWidth(cells.length, source, line);
    for (let index = 0; index < columns.length; index += 1) {
      columns[index]!.add(trimmed(cells[index]), source, line);
    }
    this.count(1, source, line);
  }

  /** Adds the rows of a block from one on. */
  private addBlock(block: RowBlock, from: number, source: TableSource): void {
    if (from === block.rows) return;
    for (const [index, column] of this.columns.entries()) {
      column.addBlock(block.columns[index]!, from, block, source);
    }
    this.count(block.rows - from, source, block.lines[block.rows - 1]!);
  }

  /** @param line of the last row that was added */
  private count(rows: number, source: TableSource, line: number): void {
    this.rows += rows;
    if (this.rows > this.mostRows) {
      throw new BitgradError(
        `${placeOf(source, line)}: expected at most ${Math.floor(this.mostRows)} rows of ${this.columns.length} columns, received more`,
      );
    }
  }
}
