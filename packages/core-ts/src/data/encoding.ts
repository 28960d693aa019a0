import type { DateOrder } from './date.js';

/** The rules by which cells of new tables are read; those of 0.1.0 are rules 1. */
export const TABLE_RULES = 2;

/**
 * How a table's columns became features. An encoding without `rules` was made by 0.1.0, whose rules
 * it is read by for ever: it has `columns` of numbers and categories, `label`, and nothing else.
 */
export interface TableEncoding {
  /** By which rules cells are read: what is missing, how numbers and dates are written. */
  readonly rules?: number | undefined;
  /** One a column, in the table's order. */
  readonly columns: readonly ColumnEncoding[];
  /** The column that is learnt; of several, their names with commas between. */
  readonly label: string;
  /** The columns that are learnt as numbers, one an output. */
  readonly targets?: readonly TargetEncoding[] | undefined;
  /** A comma where numbers in texts have decimal commas (and points between thousands). */
  readonly decimal?: ',' | undefined;
  /** With what dates begin that are not of ISO 8601; only those are read if left out. */
  readonly dates?: DateOrder | undefined;
  /** What becomes of training rows with missing cells where none stands in: left out, or an error. */
  readonly missing?: 'drop' | 'error' | undefined;
}

/**
 * How one column becomes features. In their order: the number, or one feature a category (1 for the
 * row's own, else 0); `other`; the parts of a date; `missing`.
 */
export interface ColumnEncoding {
  readonly name: string;
  /** The categories in the order of their features, or null where the column is one number. */
  readonly categories: readonly string[] | null;
  /** Of categories: one more feature, which is 1 for every text that is not listed. */
  readonly other?: true | undefined;
  /** Of numbers: what is subtracted, in binary64, before the number is rounded to binary32. */
  readonly offset?: number | undefined;
  /** Of dates: what the number counts from 1970 in UTC, and which parts follow it. */
  readonly date?: DateEncoding | undefined;
  /** One more feature: 1 where the cell is missing. */
  readonly missing?: true | undefined;
  /** Of numbers: what stands in for a missing one, the median of the training samples. */
  readonly median?: number | undefined;
}

/** A part of a date as a number: 1 to 12, 0 (Monday) to 6, 0 to 23. */
export type DatePart = 'month' | 'weekday' | 'hour';

/** How a date becomes numbers. */
export interface DateEncoding {
  readonly unit: 'days' | 'seconds';
  readonly parts: readonly DatePart[];
}

/** A column that is learnt as a number. */
export interface TargetEncoding {
  readonly name: string;
  /** What was subtracted, in binary64, and is added to what the network gives. */
  readonly offset?: number | undefined;
  /** Where the number means one of two texts: those of 0 and of 1. */
  readonly categories?: readonly [string, string] | undefined;
}

/** How many features a column becomes. */
export function columnWidth({ categories, other, date, missing }: ColumnEncoding): number {
  const own = categories?.length ?? 1;
  return own + Number(other === true) + (date?.parts.length ?? 0) + Number(missing === true);
}

/** How many features a row becomes. */
export function encodedWidth({ columns }: Pick<TableEncoding, 'columns'>): number {
  return columns.reduce((sum, column) => sum + columnWidth(column), 0);
}

/** A name for each feature: `age`, `town=Ulm`, `town (other)`, `day (month)`, `age (missing)`. */
export function featureNames({ columns }: Pick<TableEncoding, 'columns'>): string[] {
  return columns.flatMap(({ name, categories, other, date, missing }) => [
    ...(categories?.map((category) => `${name}=${category}`) ?? [name]),
    ...(other ? [`${name} (other)`] : []),
    ...(date?.parts.map((part) => `${name} (${part})`) ?? []),
    ...(missing ? [`${name} (missing)`] : []),
  ]);
}

/** The names of the columns that are learnt. */
export function labelNames({ targets, label }: TableEncoding): readonly string[] {
  return targets?.map(({ name }) => name) ?? [label];
}

/**
 * What a network's numbers mean: the offset that the reader subtracted is added again, in binary64.
 *
 * @param values `[rows, outputs]` in the units of the training's values
 */
export function decodeTargets(
  encoding: Pick<TableEncoding, 'targets'> | null,
  values: ArrayLike<number>,
): Float64Array {
  const targets = encoding?.targets;
  const outputs = targets?.length ?? 1;
  return Float64Array.from(values, (value, at) => value + (targets?.[at % outputs]?.offset ?? 0));
}
