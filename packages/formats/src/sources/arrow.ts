import { BitgradError, show } from '@bitgrad/core';
import {
  type Column,
  CompressionType,
  setCompressionCodec,
  Type,
  tableFromIPC,
} from '@uwdata/flechette';
import { decodeIPC } from '@uwdata/flechette/src/decode/decode-ipc.js';
import { readBytes, systemReason } from '../files.js';
import { maximumInputBytes } from '../limits.js';
import { unpackZstandard } from '../parquet/decompress.js';
import type { Cell } from '../table/cell.js';
import { clockText, dateText, Instant } from '../table/date-text.js';
import { checkDistinct } from '../table/header.js';
import { pandasIndex } from '../table/pandas-index.js';
import type { TableSource } from '../table/source.js';
import { withBoundedLists } from './bounded-lists.js';
import { dictionaryValues } from './dictionary-values.js';
import { unpackLz4Frame } from './lz4-frame.js';

/** Truths take a bit each, and are packed at most so well. */
const MOST_ROWS_A_BYTE = 8 * 250;

/** The most values of all dictionaries: each is made before a row is read. */
const MOST_DICTIONARY_VALUES = 2 ** 24;

const unused = (): Uint8Array => {
  throw new Error('nothing is packed here');
};

setCompressionCodec(CompressionType.LZ4_FRAME, {
  encode: unused,
  decode: (bytes, length) => unpackLz4Frame(bytes, checkedLength(length)),
});
setCompressionCodec(CompressionType.ZSTD, {
  encode: unused,
  decode: (bytes, length) => unpackZstandard(bytes, checkedLength(length)),
});

/**
 * A table in Arrow's IPC format: Feather (version 2), or a file of record batches.
 *
 * @throws BitgradError if it does not read
 */
export async function arrowSource(path: string): Promise<TableSource> {
  const bytes = await readBytes(path, maximumInputBytes);
  const { names, columns, rows, indexColumns } = open(bytes, path);
  checkDistinct(names, path, 'Rename one of them.');
  const unread = inWords(path, () => unreadOf(names, columns));
  const texts = columns.map(textOfTimes);
  return {
    fileName: path,
    names,
    indexColumns,
    unread,
    unit: 'row',
    async scan(visit) {
      for (let row = 0; row < rows; row += 1) {
        const values = inWords(path, () =>
          columns.map((column, index) => (unread.has(names[index]!) ? null : valueAt(column, row))),
        );
        visit(
          values.map((value, index) => {
            const place = () => `${path}: row ${row + 1}, column ${show(names[index]!)}`;
            const textOf = texts[index]!;
            if (textOf === null || value === null) return cellIn(value, place);
            return textOf(value as number | bigint, place);
          }),
          row + 1,
        );
      }
    },
  };
}

/** @throws Error in words, where a buffer ends too early or a dictionary has no such value */
function valueAt(column: Column<unknown>, row: number): unknown {
  const value = column.at(row);
  if (value === undefined) throw new Error(`no value in row ${row + 1}`);
  return value;
}

type TextOfTime = (value: number | bigint, place: () => string) => string;

/** Of times of day and moments: what makes texts of their numbers. */
function textOfTimes({ type }: Column<unknown>): TextOfTime | null {
  const { typeId, unit = 0 } = (type.typeId === Type.Dictionary ? type.dictionary : type) as {
    typeId: number;
    unit?: number;
  };
  const perSecond = 10 ** (3 * unit);
  if (typeId === Type.Time) return (value, place) => clockText(Number(value) / perSecond, place);
  if (typeId !== Type.Timestamp) return null;
  return (value, place) => new Instant(BigInt(value), BigInt(perSecond)).text(place);
}

/** Columns whose first value is no cell, with that value. */
function unreadOf(
  names: readonly string[],
  columns: readonly Column<unknown>[],
): Map<string, string> {
  const unread = new Map<string, string>();
  for (const [index, column] of columns.entries()) {
    let row = 0;
    while (row < column.length && column.at(row) === null) row += 1;
    const value = row < column.length ? valueAt(column, row) : null;
    if (!isCell(value)) unread.set(names[index]!, show(value));
  }
  return unread;
}

function open(
  bytes: Uint8Array,
  path: string,
): {
  names: string[];
  columns: Column<unknown>[];
  rows: number;
  indexColumns: readonly string[];
} {
  return inWords(path, () => {
    const options = {
      useDate: true,
      useBigIntTimestamp: true,
      useDecimalInt: false,
      useBigInt: true,
    };
    const table = withBoundedLists(bytes.length, () => {
      checkDictionaries(bytes, path);
      return tableFromIPC(bytes, options);
    });
    const { children: columns, numRows: rows } = table;
    if (!columns.every((column) => column.length === rows))
      throw new Error('columns of other rows');
    if (!(rows <= MOST_ROWS_A_BYTE * bytes.length)) {
      throw new Error(`${rows} rows in ${bytes.length} bytes`);
    }
    const indexColumns = pandasIndex(table.schema.metadata?.get('pandas'));
    return { names: table.names.map((name) => String(name ?? '')), columns, rows, indexColumns };
  });
}

/**
 * @throws Error in words, if dictionaries say more values than their bytes can hold
 * @throws BitgradError if they have more than are read
 */
function checkDictionaries(bytes: Uint8Array, path: string): void {
  const { all, most } = dictionaryValues(decodeIPC(bytes).dictionaries ?? []);
  if (!(all <= MOST_ROWS_A_BYTE * bytes.length)) {
    throw new Error(`dictionaries of ${all} values in ${bytes.length} bytes`);
  }
  // One that replaces another is made beside it, so few bytes may not say that again and again.
  const isBounded = all <= Math.max(MOST_DICTIONARY_VALUES, bytes.length);
  if (isBounded && most <= MOST_DICTIONARY_VALUES) return;
  throw new BitgradError(
    `${path}: expected dictionaries of at most ${MOST_DICTIONARY_VALUES} values, received ${isBounded ? most : all}`,
    'Write columns of so many different values as plain texts, not as categories.',
  );
}

/** @throws BitgradError for whatever the reader throws */
function inWords<Result>(path: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (error instanceof BitgradError) throw error;
    throw new BitgradError(
      `${path}: expected Arrow or Feather, received a file that does not read (${systemReason(error)})`,
      'The file is damaged or truncated, or uses what is not read.',
    );
  }
}

/** @throws BitgradError if a column that began with a cell holds something else, or a date beyond all that are read */
function cellIn(value: unknown, place: () => string): Cell {
  if (typeof value === 'number' || typeof value === 'string') return value;
  if (value === null) return null;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'boolean') return String(value);
  if (value instanceof Date) return dateText(value, place);
  throw new BitgradError(
    `${place()}: expected numbers, text, dates or true and false, received ${show(value)}`,
    'Leave the column out.',
  );
}

function isCell(value: unknown): boolean {
  return typeof value !== 'object' || value === null || value instanceof Date;
}

function checkedLength(length: number | undefined): number {
  if (length !== undefined && length >= 0 && length <= maximumInputBytes) return length;
  throw new Error(`a buffer of ${length} bytes`);
}
