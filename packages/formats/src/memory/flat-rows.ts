import { BitgradError, show } from '@bitgrad/core';

/** A row by its columns' names. */
export type NamedRow = Readonly<Record<string, unknown>>;

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
): readonly NamedRow[] {
  const areFlat = (row: NamedRow): boolean =>
    !Object.values(row).some((value) => isPlain(value) || Array.isArray(value));
  if (rows.every(areFlat)) return rows;
  return rows.map((row, index) => {
    const flat = new Map<string, unknown>();
    const place = `${name}: row ${index + 1}`;
    flatten(row, '', 0, flat, unread, place);
    return Object.fromEntries(flat);
  });
}

function flatten(
  members: NamedRow,
  prefix: string,
  depth: number,
  flat: Map<string, unknown>,
  unread: Map<string, string>,
  place: string,
): void {
  for (const [key, value] of Object.entries(members)) {
    const column = `${prefix}${key}`;
    if (isPlain(value)) {
      if (depth === DEEPEST) {
        throw new BitgradError(
          `${place}, column ${show(column)}: expected objects in at most ${DEEPEST} others, received more`,
        );
      }
      flatten(value, `${column}.`, depth + 1, flat, unread, place);
      continue;
    }
    if (flat.has(column)) {
      throw new BitgradError(`${place}: expected one column ${show(column)}, received several`);
    }
    if (Array.isArray(value) && !unread.has(column)) unread.set(column, show(value));
    flat.set(column, Array.isArray(value) ? null : value);
  }
}

/** Whether a value is an object of JSON's, and none of a class. */
function isPlain(value: unknown): value is NamedRow {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
