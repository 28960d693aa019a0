import { BitgradError, ownTurn, show } from '@bitgrad/core';
import type { Cell } from '../table/cell.js';
import { dateText } from '../table/date-text.js';
import type { TableSource } from '../table/source.js';
import { type FlatRows, flatRows, type NamedRow } from './flat-rows.js';

/** Rows that are read before others on the event loop are let go on. */
const ROWS_A_TURN = 1024;

/** The most cells that rows may lack: a short text of rows with a key of its own each would lack billions. */
const MOST_LACKING = 2 ** 27;

/** A row by the columns' names, or its cells in order. */
export type Row = NamedRow | readonly unknown[];

/**
 * Rows in memory as a table. The columns of objects are their keys, in the order in which they first
 * occur, those of objects in them with points between (`place.lat`); a row that lacks one has a missing value there. Of
 * arrays, the first may hold the names.
 *
 * @param name for errors
 * @throws BitgradError if there are no rows, some are objects and some are arrays, or they lack too many cells
 */
export function rowsSource(rows: readonly Row[], name: string): TableSource {
  const areArrays = Array.isArray(rows[0]);
  for (const [index, row] of rows.entries()) {
    const fits = typeof row === 'object' && row !== null && Array.isArray(row) === areArrays;
    if (fits) continue;
    throw new BitgradError(
      `${name}: row ${index + 1}: expected ${areArrays ? 'an array, as the first row is' : 'an object with a value for each column'}, received ${show(row)}`,
    );
  }
  const unread = new Map<string, string>();
  const named = areArrays ? null : flatRows(rows as readonly NamedRow[], unread, name);
  const flat = named?.rows ?? rows;
  const names = named && keysOf(named, name);
  return {
    fileName: name,
    names,
    unit: 'row',
    unread,
    ...(names ? { empty: () => emptyOf(named!.rows, names) } : {}),
    async scan(visit) {
      for (const [index, row] of flat.entries()) {
        if (index % ROWS_A_TURN === 0) await ownTurn();
        const values = names?.map((key) => valueIn(row, key)) ?? (row as readonly unknown[]);
        const cells = Array.from(values, (value, column) =>
          cellOf(value, () => placeOf(name, index, names?.[column] ?? column + 1)),
        );
        visit(cells, index + 1);
      }
    },
  };
}

function emptyOf(rows: readonly NamedRow[], names: readonly string[]): Set<string> {
  const holds = (row: NamedRow, name: string): boolean => (valueIn(row, name) ?? null) !== null;
  return new Set(names.filter((name) => !rows.some((row) => holds(row, name))));
}

/** Names that every object inherits, such as `constructor`, are not the row's. */
function valueIn(row: Row, key: string): unknown {
  return Object.hasOwn(row, key) ? (row as Readonly<Record<string, unknown>>)[key] : undefined;
}

function keysOf({ rows, ranks }: FlatRows, name: string): string[] {
  const names = new Set<string>();
  let cells = 0;
  for (const row of rows) {
    const keys = Object.keys(row);
    cells += keys.length;
    for (const key of keys) names.add(key);
  }
  const lacking = rows.length * names.size - cells;
  if (lacking > MOST_LACKING) {
    throw new BitgradError(
      `${name}: expected rows that lack at most ${MOST_LACKING} cells in all, received ${rows.length} rows of ${names.size} columns that lack ${lacking}`,
      'Give the rows the same columns, or leave out those that few rows have.',
    );
  }
  // An object of which the first rows have nothing stands where they say so, and not behind the label.
  return [...names].sort((one, other) => (ranks.get(one) ?? 0) - (ranks.get(other) ?? 0));
}

/** A value as a cell: true and false are texts, dates their ISO text, what is not there is missing, as is an invalid date. */
function cellOf(value: unknown, place: () => string): Cell {
  if (typeof value === 'number' || typeof value === 'string') return value;
  if (value === null || value === undefined) return null;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'boolean') return String(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : dateText(value, place);
  throw new BitgradError(
    `${place()}: expected a number or a text, received ${show(value)}`,
    'Write what it holds as cells of their own, or leave it out.',
  );
}

function placeOf(name: string, row: number, column: string | number): string {
  const cell = typeof column === 'number' ? `cell ${column}` : `column ${show(column)}`;
  return `${name}: row ${row + 1}, ${cell}`;
}
