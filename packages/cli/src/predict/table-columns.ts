import {
  BitgradError,
  type Decimal,
  labelNames,
  resolve,
  type Sampler,
  type SavedModel,
  show,
} from '@bitgrad/core';
import type { RowStream, Wanted } from '@bitgrad/formats/rows';
import { UsageError } from '../usage-error.js';

/** Where in a table stands what is needed of it. */
export interface TableColumns {
  /** Whether the table's first row holds the names. */
  readonly hasHeader: boolean;
  /** Of each column that the model needs. */
  readonly places: readonly number[];
  /** The columns that are carried through. */
  readonly kept: readonly { readonly name: string; readonly place: number }[];
  /** @param decimal how the table writes its numbers */
  wanted(decimal: Decimal): readonly Wanted[];
  /** Where numbers stand that the model needs. */
  readonly numeric: readonly number[];
  /** @param place in the table */
  nameOf(place: number): string;
  /** Names of columns that nobody needs; the one that was learnt is expected. */
  readonly extra: readonly string[];
}

/**
 * Finds the columns of a table that a model and somebody need.
 *
 * @param keep names of columns to carry through
 * @throws BitgradError if the model lacks one; UsageError if there is none of a name to keep
 */
export function findColumns(
  rows: RowStream,
  model: SavedModel,
  sampler: Sampler,
  keep: readonly string[],
): TableColumns {
  const { names, hasHeader } = nameColumns(rows, model, sampler);
  const { places, extra } = bind(rows, sampler, names);
  const kept = keep.map((name) => {
    const place = names.indexOf(name);
    if (place >= 0) return { name, place };
    throw new UsageError(
      `--keep: expected a column of ${rows.fileName} (${names.slice(0, 6).map(show).join(', ')}${names.length > 6 ? ', …' : ''}), received ${show(name)}`,
    );
  });
  const areNumeric = numericColumns(model);
  const wantedOf = (place: number, decimal: Decimal): Wanted => {
    if (kept.some((one) => one.place === place)) return 'text';
    const column = places.indexOf(place);
    if (column < 0) return 'skip';
    return areNumeric[column] && decimal === '.' ? 'number' : 'text';
  };
  const learnt = model.encoding === null ? [] : labelNames(model.encoding);
  return {
    hasHeader,
    places,
    kept,
    wanted: (decimal) => names.map((_, place) => wantedOf(place, decimal)),
    numeric: places.filter((_, column) => areNumeric[column]),
    nameOf: (place) => names[place]!,
    extra: extra.filter((name) => !keep.includes(name) && !learnt.includes(name)),
  };
}

/** A header names the model's columns; where those have none, columns are told by their places. */
function nameColumns(
  { names, first }: RowStream,
  { encoding }: SavedModel,
  { columns, features }: Sampler,
): { names: readonly string[]; hasHeader: boolean } {
  if (names !== null) return { names, hasHeader: false };
  const needed = columns ?? Array.from({ length: features }, (_, index) => `column ${index + 1}`);
  if (needed.every((name) => first.includes(name))) return { names: first, hasHeader: true };
  const areNumbered = needed.every((name) => /^column \d+$/.test(name));
  if (!areNumbered) return { names: first, hasHeader: true };
  const hasHeader = first.every((cell) => cell !== '' && Number.isNaN(Number(cell)));
  // Without the column that was learnt, the others close up.
  if (first.length === needed.length) return { names: needed, hasHeader };
  const numbered = first.map((_, index) => `column ${index + 1}`);
  return { names: encoding === null ? needed : numbered, hasHeader };
}

function bind(
  { fileName, first, empty }: RowStream,
  sampler: Sampler,
  names: readonly string[],
): { places: readonly number[]; extra: readonly string[] } {
  if (sampler.columns === null) {
    if (first.length === 0 || first.length === names.length) {
      return { places: names.map((_, index) => index), extra: [] };
    }
    throw new BitgradError(
      `${fileName}: expected ${sampler.features} columns, one a feature, received ${first.length}`,
    );
  }
  try {
    return sampler.bind(names, empty);
  } catch (error) {
    if (!(error instanceof BitgradError)) throw error;
    throw new BitgradError(`${fileName}: ${error.message}`, error.fix);
  }
}

/** Which of the model's columns hold nothing but numbers. */
function numericColumns({ encoding, recipe }: SavedModel): boolean[] {
  if (encoding === null) return Array.from({ length: resolve(recipe).features }, () => true);
  return encoding.columns.map(({ categories, date }) => categories === null && date === undefined);
}
