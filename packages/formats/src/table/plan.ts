import {
  BitgradError,
  type ColumnEncoding,
  exampleDate,
  inSentence,
  placeOfColumn,
  show,
  TABLE_RULES,
  type TableEncoding,
} from '@bitgrad/core';
import { listNames } from '../classes.js';
import type { LoadOptions } from '../options.js';
import { checkFinite, checkNumeric, checkRead, placeOfFound, showCell } from './checks.js';
import { type ColumnChoice, chooseColumns, namesColumn } from './choose.js';
import { encodeColumn, type Forced } from './encode-column.js';
import { isNumeric } from './label-classes.js';
import { reasonToLeaveOut } from './left-out.js';
import type { TableSource } from './source.js';
import type { TableStore } from './table-store.js';
import { oldCategories } from './texts.js';

/** How a table's columns become features. */
export interface ColumnPlan {
  readonly columns: readonly ColumnEncoding[];
  /** Where each of them is in the table. */
  readonly places: readonly number[];
  /** For people. */
  readonly notes: readonly string[];
}

/** By which rules a table is read: those of the encoding that it follows, else the newest. */
export function rulesOf({ rules, encoding, like }: LoadOptions): number {
  const known = encoding ?? like?.encoding;
  return rules ?? (known ? (known.rules ?? 1) : TABLE_RULES);
}

/**
 * Finds the columns of a known encoding by their names.
 *
 * @param holdsObjects whether a column without values may stand for an object in rows of JSON, all of whose members are missing
 * @throws BitgradError if one is not there, or does not hold numbers where it should
 */
export function followEncoding(
  { names, columns }: TableStore,
  encoding: TableEncoding,
  fileName: string,
  holdsObjects: boolean,
): ColumnPlan {
  const empty = names.filter((_, index) => columns[index]!.missing === columns[index]!.length);
  const mayBeObjects = new Set(holdsObjects ? empty : []);
  const known = encoding.columns.map(({ name }) => name);
  const places = encoding.columns.map(({ name, categories, date }) => {
    const place = placeOfColumn(name, names, mayBeObjects, known);
    if (place < 0) {
      throw new BitgradError(
        `${fileName}: expected a column ${show(name)}, which the model was trained on, received ${listNames(names)}`,
      );
    }
    const column = columns[place]!;
    if (date) {
      const found = column.firstText ?? (column.numbers > 0 ? column.firstNumber : null);
      if (found !== null) {
        throw new BitgradError(
          `${placeOfFound(found, name)}: expected a date ${encoding.dates ? `with the ${encoding.dates} first` : 'of ISO 8601'}, as in ${exampleDate(encoding.dates)}, received ${showCell(found)}`,
        );
      }
    } else if (categories === null) checkNumeric(column, name);
    return place;
  });
  return { columns: encoding.columns, places, notes: [] };
}

/** By 0.1.0's rules, all columns but the label's are features. */
export function oldColumns({ names, columns }: TableStore, label: number): ColumnPlan {
  const places = names.map((_, index) => index).filter((index) => index !== label);
  const encoded = places.map((index) => {
    const column = columns[index]!;
    const name = names[index]!;
    if (!isNumeric(column)) return { name, categories: oldCategories(column, name) };
    checkFinite(column, name);
    return { name, categories: null };
  });
  return { columns: encoded, places, notes: [] };
}

/**
 * Decides which columns are features, and how.
 *
 * @param labels the columns that are learnt
 * @param source which says what some of its columns are
 * @throws BitgradError if none is left, or one holds what cannot be learnt from
 */
export function planColumns(
  { names, columns }: TableStore,
  labels: readonly number[],
  source: TableSource,
  options: LoadOptions,
): ColumnPlan {
  const { fileName, indexColumns = [], categories = [] } = source;
  const choose = (option: string, choice: ColumnChoice | undefined): Set<number> =>
    chooseColumns(names, choice ?? [], option, fileName);
  const chosen = options.columns === undefined ? undefined : choose('columns', options.columns);
  const dropped = choose('drop', options.drop);
  const categorical = choose('categorical', options.categorical);
  const numeric = choose('numeric', options.numeric);
  const both = [...categorical].find((index) => numeric.has(index));
  if (both !== undefined) {
    throw new BitgradError(
      `${fileName}: column ${show(names[both])}: expected either categorical or numeric, received both`,
    );
  }
  const unlearnt = labels.find((index) => namesColumn(names, options.drop, index));
  if (unlearnt !== undefined) {
    throw new BitgradError(
      `${fileName}: column ${show(names[unlearnt])}: expected the label to stay, received it among those to drop`,
    );
  }
  const forcedOf = (index: number): Forced =>
    categorical.has(index) ? 'category' : numeric.has(index) ? 'number' : null;
  const saidOf = (index: number): Forced =>
    forcedOf(index) ?? (categories.includes(names[index]!) ? 'category' : null);
  const notes: string[] = [];
  const candidates = names.flatMap((_, index) => {
    const isWanted = chosen === undefined || chosen.has(index);
    return isWanted && !dropped.has(index) && !labels.includes(index) ? [index] : [];
  });
  checkRead(source, names, candidates);
  const holding = candidates.filter((index) => {
    const column = columns[index]!;
    if (column.missing < column.length) return true;
    notes.push(`${inSentence(names[index]!)} is left out: it holds no values`);
    return false;
  });
  const reasons = holding.map((index) => {
    const isNamed = chosen?.has(index) === true || forcedOf(index) !== null;
    if (isNamed || options.keepIds) return null;
    return reasonToLeaveOut(columns[index]!, indexColumns.includes(names[index]!));
  });
  const isLast = reasons.every((reason) => reason !== null);
  const places = holding.filter((index, at) => {
    const reason = reasons[at];
    if (reason === null || isLast) return true;
    notes.push(`${inSentence(names[index]!)} is left out: it ${reason} (--keep-ids keeps it)`);
    return false;
  });
  if (places.length === 0) {
    throw new BitgradError(
      `${fileName}: expected at least one column to learn from, received none`,
      'The label is not one of them, nor are columns that are dropped or hold no values.',
    );
  }
  const flagsMissing = (options.missing ?? 'impute') === 'impute';
  const encoded = places.map((index) =>
    encodeColumn(columns[index]!, names[index]!, saidOf(index), flagsMissing),
  );
  return {
    columns: encoded.map(({ encoding }) => encoding),
    places,
    notes: [...notes, ...encoded.flatMap((one) => one.notes)],
  };
}
