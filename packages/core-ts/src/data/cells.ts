import type { TableEncoding } from '../dataset.js';
import { BitgradError, show } from '../errors.js';

/** A value in a row, as people have it. */
export type CellValue = string | number | bigint | boolean | Date | null | undefined;

type Column = TableEncoding['columns'][number];

/** Writes the features of a column's cell, `[width]`, at `offset`. */
export type CellWriter = (cell: unknown, out: Float32Array, offset: number) => void;

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/**
 * How cells of a column become features: a number as it is, a category as 1 among zeros. The writer
 * throws a BitgradError that names the column where a cell is neither.
 */
export function cellWriter({ name, categories }: Column): CellWriter {
  if (categories === null) {
    return (cell, out, offset) => {
      out[offset] = numberOf(cell, name);
    };
  }
  const places = new Map(categories.map((category, index) => [category, index]));
  return (cell, out, offset) => {
    const text = textOf(cell);
    const place = text === null ? undefined : places.get(text);
    if (place === undefined) {
      throw new BitgradError(
        `column ${show(name)}: expected one of the ${places.size} categories that the model was trained on (${listed(categories)}), received ${shown(cell)}`,
      );
    }
    out.fill(0, offset, offset + places.size);
    out[offset + place] = 1;
  };
}

function numberOf(cell: unknown, name: string): number {
  const value = toNumber(cell);
  if (Number.isFinite(Math.fround(value))) return value;
  throw new BitgradError(
    `column ${show(name)}: expected a number that binary32 can hold, received ${shown(cell)}`,
  );
}

function toNumber(cell: unknown): number {
  if (typeof cell === 'number') return cell;
  if (typeof cell === 'bigint') return Number(cell);
  if (typeof cell !== 'string') return Number.NaN;
  const text = cell.trim();
  return NUMBER.test(text) ? Number(text) : Number.NaN;
}

/** A cell as the text that a category is called, or null for none. */
function textOf(cell: unknown): string | null {
  if (typeof cell === 'string') return cell.trim();
  if (cell instanceof Date) return cell.toISOString();
  const isScalar = ['number', 'bigint', 'boolean'].includes(typeof cell);
  return isScalar ? String(cell) : null;
}

function shown(cell: unknown): string {
  if (cell === undefined || cell === null || cell === '') return 'no value';
  return show(cell);
}

function listed(categories: readonly string[]): string {
  const few = categories.slice(0, 6).map(show).join(', ');
  return categories.length > 6 ? `${few}, …` : few;
}
