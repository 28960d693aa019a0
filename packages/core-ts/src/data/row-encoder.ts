import { BitgradError, show } from '../errors.js';
import type { Cell } from './cell.js';
import { ColumnEncoder, type RowEncoderOptions } from './column-encoder.js';
import type { Moment } from './date.js';
import type { TableEncoding } from './encoding.js';

/**
 * A row by the names of its columns, as programs and JSON have it: `place.lat` is also found as the member `lat` of an
 * object `place`.
 */
export interface RowRecord {
  readonly [column: string]: Cell | RowRecord;
}

/**
 * Turns rows of a table into a network's features: every reader of rows uses it, so that a row
 * becomes the same bits wherever it comes from.
 */
export class RowEncoder {
  /** Features of a row. */
  readonly width: number;
  /** One a column of the encoding; they count what they do not know. */
  readonly columns: readonly ColumnEncoder[];

  constructor(encoding: TableEncoding, options: RowEncoderOptions = {}) {
    const rules = encoding.rules ?? 1;
    const decimal = options.decimal ?? encoding.decimal ?? '.';
    const dates = options.dates ?? encoding.dates;
    this.columns = encoding.columns.map(
      (column) => new ColumnEncoder(column, rules, { ...options, decimal, dates }),
    );
    this.width = this.columns.reduce((sum, { width }) => sum + width, 0);
  }

  /**
   * Writes a row's features, `width` of them, from `start`, over zeros.
   *
   * @param places where each column of the encoding stands among `cells`; in its own order if left
   *   out
   * @throws BitgradError that begins with the column, if a cell holds no value that the column can
   */
  encode(
    cells: ArrayLike<Cell | Moment>,
    features: Float32Array,
    start = 0,
    places: readonly number[] | null = null,
  ): void {
    const { columns } = this;
    let at = start;
    for (let index = 0; index < columns.length; index += 1) {
      const column = columns[index]!;
      column.write(cells[places === null ? index : places[index]!], features, at);
      at += column.width;
    }
  }

  /**
   * A row's cells in the order of the columns. Members that are no columns are left aside.
   *
   * @throws BitgradError if the row lacks a column (null stands for a missing cell), or is of another
   *   length
   */
  cellsOf(row: RowRecord | readonly Cell[]): readonly Cell[] {
    const { columns } = this;
    if (Array.isArray(row)) {
      if (row.length === columns.length) return row;
      throw new BitgradError(
        `sample: expected ${columns.length} cells (${few(columns.map(({ name }) => name))}), received ${row.length}`,
      );
    }
    if (typeof row !== 'object' || row === null) {
      throw new BitgradError(
        `sample: expected a row, an object with a value for each column (${few(columns.map(({ name }) => name))}), received ${show(row)}`,
      );
    }
    return columns.map(({ name }) => {
      const cell = memberOf(row as RowRecord, name);
      if (cell !== undefined) return cell as Cell;
      throw new BitgradError(
        `column ${show(name)}: expected a value, received no value (columns of the row: ${few(Object.keys(row)) || 'none'})`,
        'Give null where a value is missing.',
      );
    });
  }
}

/** What a column is called in a row, also where it is a member of a member; of one that is null, null. */
function memberOf(row: RowRecord, name: string): unknown {
  // What every object inherits, as `constructor`, is no cell.
  if (Object.hasOwn(row, name)) return row[name];
  let members = row;
  let from = 0;
  for (let dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
    const key = name.slice(from, dot);
    const inner = Object.hasOwn(members, key) ? members[key] : undefined;
    if (inner === null) return null;
    if (typeof inner !== 'object' || inner instanceof Date) continue;
    members = inner;
    from = dot + 1;
    const rest = name.slice(from);
    if (Object.hasOwn(members, rest)) return members[rest];
  }
  return undefined;
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
  encoder.encode(encoder.cellsOf(row), features);
  const named = (has: (column: ColumnEncoder) => boolean): string[] =>
    encoder.columns.filter(has).map(({ name }) => name);
  return {
    features,
    unknown: named(({ unknown }) => unknown > 0),
    missing: named(({ missing }) => missing > 0),
  };
}

function few(names: readonly string[]): string {
  return `${names.slice(0, 6).join(', ')}${names.length > 6 ? ', …' : ''}`;
}
