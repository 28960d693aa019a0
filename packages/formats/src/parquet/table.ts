import { show } from '@bitgrad/core';
import type { Cell } from '../table/cell.js';
import { clockText, dateText, Instant } from '../table/date-text.js';
import type { TableSource } from '../table/source.js';
import type { ParquetColumn } from './columns.js';
import { withParquet } from './file.js';

/** A Parquet file of numbers and texts as a table. */
export function parquetSource(
  path: string,
  columns: readonly ParquetColumn[],
  indexColumns: readonly string[],
): TableSource {
  const names = columns.map(({ name }) => name);
  const unread = new Map(
    columns.flatMap(({ name, kind, description }) =>
      kind === 'image' || kind === 'other' ? [[name, description]] : [],
    ),
  );
  const read = names.filter((name) => !unread.has(name));
  return {
    fileName: path,
    names,
    indexColumns,
    unread,
    unit: 'row',
    scan: (visit) =>
      withParquet(path, (file) =>
        file.scan(read, (row, number) => {
          visit(
            columns.map(({ name, kind, perSecond }) => {
              const place = () => `${path}: row ${number}, column ${show(name)}`;
              const value = row[name];
              return kind === 'time' ? clockOf(value, perSecond, place) : cellOf(value, place);
            }),
            number,
          );
        }),
      ),
  };
}

function clockOf(value: unknown, perSecond: number, place: () => string): Cell {
  return value === null || value === undefined ? null : clockText(Number(value) / perSecond, place);
}

/**
 * A value as a cell: whole numbers of 64 bits become binary64, true, false and dates are texts.
 *
 * @param place for errors
 * @throws BitgradError if it is a date of a year that does not have four digits
 */
export function cellOf(value: unknown, place: () => string): Cell {
  if (typeof value === 'string' || typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Date) return dateText(value, place);
  if (value instanceof Instant) return value.text(place);
  return typeof value === 'boolean' ? String(value) : null;
}
