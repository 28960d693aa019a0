import { BitgradError, show } from '@bitgrad/core';
import { type Row, rowsSource } from '../memory/rows-source.js';
import type { TableSource } from '../table/source.js';

const NUMBER = /^-?\d+$/;

/**
 * Rows in JSON: a list of objects or of arrays; one object a line; a list a column; or as pandas writes
 * it (`{ columns, data }`, columns of objects by the rows' index, or rows by their index).
 *
 * @param name of the file, for errors
 * @throws BitgradError if the text is no such thing
 */
export function jsonSource(text: string, name: string): TableSource {
  const value = parse(text);
  if (value === undefined) return rowsSource(parseLines(text, name), name);
  const rows = Array.isArray(value) ? value : rowsIn(value as Readonly<Record<string, unknown>>);
  if (rows !== null && rows.length > 0) return rowsSource(rows as readonly Row[], name);
  throw new BitgradError(
    `${name}: expected a list of rows in JSON, received ${show(Object.keys(value as object).slice(0, 6))}`,
    'Rows are objects with a value for each column, or arrays, the first of names.',
  );
}

/** One JSON value, or undefined where the text is several or none. */
function parse(text: string): unknown {
  try {
    const value = parseLenient(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** A text in quotes, or what Python's `json.dumps` writes of numbers that JSON does not have. */
const TEXT_OR_NAN = /"(?:[^"\\]|\\.)*"|\bNaN\b|-?\bInfinity\b/g;

/** JSON, in which numbers may be `NaN`, which is missing, and `Infinity`, which its column's reader refuses. */
function parseLenient(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!/NaN|Infinity/.test(text)) throw error;
    const plain = text.replace(TEXT_OR_NAN, (found) =>
      found.startsWith('"') ? found : found === 'NaN' ? 'null' : `"${found}"`,
    );
    return JSON.parse(plain);
  }
}

function parseLines(text: string, name: string): Row[] {
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    try {
      return [parseLenient(line) as Row];
    } catch (error) {
      throw new BitgradError(
        `${name}: line ${index + 1}: expected a row in JSON, received ${show(line)} (${(error as Error).message})`,
      );
    }
  });
}

function rowsIn(value: Readonly<Record<string, unknown>>): readonly unknown[] | null {
  const { columns, data } = value;
  if (Array.isArray(columns) && Array.isArray(data)) return [columns, ...data];
  const members = Object.entries(value);
  const lists = members.filter(([, member]) => Array.isArray(member));
  const isRecords = (member: unknown): boolean =>
    Array.isArray(member) && typeof member[0] === 'object' && member[0] !== null;
  if (lists.length === 1 && isRecords(lists[0]![1])) return lists[0]![1] as unknown[];
  if (members.length === 0) return null;
  if (lists.length === members.length) return turned(members as [string, unknown[]][]);
  const areObjects = members.every(([, member]) => typeof member === 'object' && member !== null);
  if (!areObjects) return [value];
  const keys = Object.keys(members[0]![1] as object);
  const areRows =
    members.every(([key]) => NUMBER.test(key)) && !keys.every((key) => NUMBER.test(key));
  if (areRows) return members.map(([, member]) => member);
  const columnsOf = members.map(([column, member]): [string, unknown[]] => [
    column,
    keys.map((key) => (member as Readonly<Record<string, unknown>>)[key]),
  ]);
  return turned(columnsOf);
}

/** Columns as rows. */
function turned(columns: readonly (readonly [string, readonly unknown[]])[]): unknown[] | null {
  const length = columns[0]![1].length;
  if (columns.some(([, values]) => values.length !== length)) return null;
  return Array.from({ length }, (_, row) =>
    Object.fromEntries(columns.map(([name, values]) => [name, values[row]])),
  );
}
