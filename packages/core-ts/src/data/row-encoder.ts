import { BitgradError, show } from '../errors.js';
import type { Cell } from './cell.js';
import { ColumnEncoder, type RowEncoderOptions } from './column-encoder.js';
import type { TableEncoding } from './encoding.js';

/** A row by the names of its columns, as programs and JSON have it. */
export type RowRecord = Readonly<Record<string, Cell>>;

/**
 * Turns rows of a table into a network's features: every reader of rows uses it, so that a row
 * becomes the same bits wherever it comes from.
 */
export class RowEncoder {
  /** Features of a row. */
  readonly width: number;
  /** One a column of the encoding; they count what they do not know. */
  readonly columns: readonly ColumnEncoder[];

  /**
   * @param order where each column of the encoding stands among a row's cells; in the encoding's
   *   own order if left out
   */
  constructor(
    encoding: TableEncoding,
    options: RowEncoderOptions = {},
    private readonly order: readonly number[] = encoding.columns.map((_, index) => index),
  ) {
    const rules = encoding.rules ?? 1;
    const decimal = options.decimal ?? encoding.decimal ?? '.';
    this.columns = encoding.columns.map(
      (column) => new ColumnEncoder(column, rules, { ...options, decimal }),
    );
    this.width = this.columns.reduce((sum, { width }) => sum + width, 0);
  }

  /**
   * Writes a row's features, `width` of them, from `start`, over zeros.
   *
   * @throws BitgradError that begins with the column, if a cell holds no value that the column can
   */
  encode(cells: readonly Cell[], features: Float32Array, start = 0): void {
    const { columns, order } = this;
    let at = start;
    for (let index = 0; index < columns.length; index += 1) {
      const column = columns[index]!;
      column.write(cells[order[index]!], features, at);
      at += column.width;
    }
  }

  /**
   * As `encode`, from a row by names. Members that are no columns are left aside.
   *
   * @throws BitgradError as `encode` does, or if the row lacks a column; null stands for a missing cell
   */
  encodeRecord(row: RowRecord, features: Float32Array, start = 0): void {
    let at = start;
    for (const column of this.columns) {
      const { name, width } = column;
      if (!Object.hasOwn(row, name) || row[name] === undefined) {
        throw new BitgradError(
          `row: expected a value for the column ${show(name)}, received ${namesOf(row)}`,
          'Give null where the value is missing.',
        );
      }
      column.write(row[name], features, at);
      at += width;
    }
  }
}

/** What became of a row. */
export interface EncodedRow {
  /** `[features]` */
  readonly features: Float32Array;
  /** Columns whose category was never seen in training: their features are zeros. */
  readonly unknown: readonly string[];
  /** Columns whose cell holds no value: the median, or zeros, stand in. */
  readonly missing: readonly string[];
}

/**
 * The features of one row. Of many rows, make one `RowEncoder`.
 *
 * @param row by names, or the cells of the encoding's columns in their order
 * @throws BitgradError if a cell holds no value that its column can, or one is not there
 */
export function encodeRow(
  encoding: TableEncoding,
  row: RowRecord | readonly Cell[],
  options: RowEncoderOptions = {},
): EncodedRow {
  const encoder = new RowEncoder(encoding, options);
  const features = new Float32Array(encoder.width);
  if (Array.isArray(row)) {
    const { length } = encoder.columns;
    if (row.length !== length) {
      throw new BitgradError(`row: expected ${length} cells, received ${row.length}`);
    }
    encoder.encode(row, features);
  } else encoder.encodeRecord(row as RowRecord, features);
  const named = (has: (column: ColumnEncoder) => boolean): string[] =>
    encoder.columns.filter(has).map(({ name }) => name);
  return {
    features,
    unknown: named(({ unknown }) => unknown > 0),
    missing: named(({ missing }) => missing > 0),
  };
}

function namesOf(row: RowRecord): string {
  const names = Object.keys(row);
  if (names.length === 0) return 'none';
  return `${names.slice(0, 6).map(show).join(', ')}${names.length > 6 ? ', …' : ''}`;
}
