import { BitgradError, show } from '@bitgrad/core';

/** A row by its columns' names. */
export type NamedRow = Readonly<Record<string, unknown>>;

/** Rows without objects, and where their columns belong. */
export interface FlatRows {
  readonly rows: readonly NamedRow[];
  /** Of each column that was made, which of the keys of all rows it is, or is a member of; empty where there were no objects. */
  readonly ranks: ReadonlyMap<string, number>;
}

/** Objects in objects, so deep. */
const DEEPEST = 32;

/**
 * Rows whose objects have become columns, `place.lat` for `{ place: { lat } }`, as `pandas.json_normalize` names them. Rows
 * without any stay what they are. Of an object in whose place another row has nothing, all columns are missing there.
 *
 * @param unread gets the columns that hold lists, with one of them
 * @param name for errors
 * @throws BitgradError if a row has two values of one name, or objects in objects without end
 */
export function flatRows(
  rows: readonly NamedRow[],
  unread: Map<string, string>,
  name: string,
): FlatRows {
  const areFlat = (row: NamedRow): boolean =>
    !Object.values(row).some((value) => isPlain(value) || Array.isArray(value));
  const ranks = new Map<string, number>();
  if (rows.every(areFlat)) return { rows, ranks };
  const keys = new Map<string, number>();
  const flatOf = (row: NamedRow, index: number): NamedRow => {
    const flat = new Map<string, unknown>();
    const place = `${name}: row ${index + 1}`;
    for (const [key, value] of Object.entries(row)) {
      if (!keys.has(key)) keys.set(key, keys.size);
      for (const [column, cell] of cellsIn(key, value, 0, place)) {
        if (flat.has(column)) {
          throw new BitgradError(`${place}: expected one column ${show(column)}, received several`);
        }
        if (Array.isArray(cell) && !unread.has(column)) unread.set(column, show(cell));
        flat.set(column, Array.isArray(cell) ? null : cell);
        if (!ranks.has(column)) ranks.set(column, keys.get(key)!);
      }
    }
    return Object.fromEntries(flat);
  };
  return { rows: rows.map(flatOf), ranks };
}

/** The columns that a value is made of, each with its cell. */
function* cellsIn(
  column: string,
  value: unknown,
  depth: number,
  place: string,
): Generator<[column: string, cell: unknown]> {
  if (!isPlain(value)) {
    yield [column, value];
    return;
  }
  if (depth === DEEPEST) {
    throw new BitgradError(
      `${place}, column ${show(column)}: expected objects in at most ${DEEPEST} others, received more`,
    );
  }
  for (const [key, inner] of Object.entries(value)) {
    yield* cellsIn(`${column}.${key}`, inner, depth + 1, place);
  }
}

/** Whether a value is an object of JSON's, and none of a class. */
function isPlain(value: unknown): value is NamedRow {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
