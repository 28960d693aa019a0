import { BitgradError, show } from '@bitgrad/core';
import { type ColumnStatistics, type Found, maximumCategories } from './column.js';
import { placeOf } from './source.js';
import type { Survey } from './survey.js';

/** The most different cells of a column that mixes numbers and text, as in `2, 3, 4, 5more`. */
const maximumMixed = 32;

/** @throws BitgradError if a cell of the columns that are used holds no value */
export function checkComplete(survey: Survey, used: readonly number[]): void {
  const { names, columns } = survey;
  const lacking = used.filter((index) => columns[index]!.missing > 0);
  if (lacking.length === 0) return;
  const counts = lacking.map((index) => `${show(names[index]!)} ${columns[index]!.missing}`);
  const cells = lacking.reduce((sum, index) => sum + columns[index]!.missing, 0);
  const index = lacking[0]!;
  throw new BitgradError(
    `${placeOfFound(columns[index]!.firstMissing!, names[index]!)}: expected a value in every cell, received ${showCell(columns[index]!.firstMissing!)}; ${countOf(cells, 'cell')} in ${countOf(survey.incompleteRows, 'row')} ${cells === 1 ? 'holds' : 'hold'} none (${counts.slice(0, 6).join(', ')}${counts.length > 6 ? ', …' : ''})`,
    'Fill these cells, or remove their rows or columns.',
  );
}

/** @throws BitgradError if a numeric column holds a number that binary32 does not */
export function checkFinite(column: ColumnStatistics, name: string): void {
  const found = column.firstInfinite;
  if (found === null) return;
  throw new BitgradError(
    `${placeOfFound(found, name)}: expected a number that binary32 can hold, received ${showCell(found)}`,
  );
}

/**
 * The categories of a column with text in it, in the order of UTF-16 code units, which does not
 * depend on the order of the rows.
 *
 * @throws BitgradError if there are too many
 */
export function categoriesOf(column: ColumnStatistics, name: string): string[] {
  const { distinct, numbers, firstText } = column;
  const isMixed = numbers > 0;
  const most = isMixed ? maximumMixed : maximumCategories;
  if (distinct !== null && distinct.size <= most) return [...distinct].sort();
  const place = placeOfFound(firstText!, name);
  if (isMixed) {
    throw new BitgradError(
      `${place}: expected a number as in ${numbers} other rows, received ${showCell(firstText!)}`,
      `Mend the cell; numbers and text together are categories only up to ${maximumMixed} different ones.`,
    );
  }
  throw new BitgradError(
    `${place}: expected at most ${maximumCategories} different texts in a column, received more`,
    'Remove the column if it names or numbers the rows.',
  );
}

/** Where a cell stands, for errors. */
export function placeOfFound({ source, line }: Found, name: string): string {
  return placeOf(source, line, name);
}

/** A cell in an error. */
export function showCell({ cell }: Found): string {
  return cell === '' || cell === null ? 'an empty cell' : show(cell);
}

function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
