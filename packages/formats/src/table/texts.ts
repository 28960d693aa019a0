import { BitgradError, booleanWords, canonicalNumber } from '@bitgrad/core';
import { placeOfFound, showCell } from './checks.js';
import { maximumCategories } from './column-cells.js';
import type { ColumnStore } from './column-store.js';

/** Of more texts than `maximumCategories`, so many of the commonest are categories. */
const COMMONEST = 100;
/** The most different cells of a column that is whole numbers in most rows and yet categories, as in `2, 3, 4, 5more`. */
const maximumMixed = 32;

/** The categories of a column, and whether there are others. */
export interface Categories {
  readonly categories: readonly string[];
  readonly other: boolean;
}

/** Categories in the order of UTF-16 code units, which does not depend on the order of the rows. */
export function textCategories(column: ColumnStore): Categories {
  const texts = oneSpelling(column.differentTexts());
  if (texts.length <= maximumCategories && column.unkept === 0) {
    return { categories: texts.sort(), other: false };
  }
  const counted = countTexts(column);
  counted.sort((a, b) => b.count - a.count || (a.text < b.text ? -1 : 1));
  return { categories: mostOf(counted), other: true };
}

function countTexts(column: ColumnStore): { readonly text: string; readonly count: number }[] {
  if (column.numbers === 0) {
    return column.dictionary.map((text, code) => ({ text, count: column.counts[code]! }));
  }
  const counts = new Map<string, number>();
  for (let row = 0; row < column.length; row += 1) {
    if (column.isMissingAt(row)) continue;
    const text = String(column.cellAt(row));
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return [...counts].map(([text, count]) => ({ text, count }));
}

/** As `textCategories`, of numbers that are to be categories. */
export function numberCategories(column: ColumnStore): Categories {
  if (column.distinct !== null) {
    const numbers = [...column.distinct].sort((a, b) => a - b);
    return { categories: [...new Set(numbers.map(canonicalNumber))], other: false };
  }
  const counts = new Map<number, number>();
  for (let row = 0; row < column.length; row += 1) {
    const value = column.valueAt(row);
    if (!Number.isNaN(value)) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  const counted = [...counts].map(([value, count]) => ({ text: canonicalNumber(value), count }));
  counted.sort((a, b) => b.count - a.count || Number(a.text) - Number(b.text));
  return { categories: mostOf(counted), other: true };
}

function mostOf(counted: readonly { readonly text: string }[]): string[] {
  return counted
    .slice(0, COMMONEST)
    .map(({ text }) => text)
    .sort();
}

/** Words for true and false are one in any case: as it is written, or in small letters if in several ways. */
export function oneSpelling(texts: Iterable<string>): string[] {
  const all = [...texts];
  const isWord = booleanWords(all);
  const spellings = new Map<string, string>();
  for (const text of all) {
    if (!isWord(text)) continue;
    const small = text.toLowerCase();
    spellings.set(small, spellings.has(small) ? small : text);
  }
  return [
    ...new Set(all.map((text) => (isWord(text) ? spellings.get(text.toLowerCase())! : text))),
  ];
}

/**
 * The categories of a column that holds texts though most of its cells are numbers: a few different
 * ones.
 *
 * @throws BitgradError naming the first text, if there are more
 */
export function mixedCategories(column: ColumnStore, name: string): readonly string[] {
  const areWhole = column.distinct !== null && [...column.distinct].every(Number.isInteger);
  const different = areWhole ? column.differentTexts() : null;
  if (different !== null && different.size <= maximumMixed) return oneSpelling(different).sort();
  const found = column.firstText ?? column.firstDate!;
  throw new BitgradError(
    `${placeOfFound(found, name)}: expected a number as in ${column.numbers} other rows, received ${showCell(found)}`,
    `Mend the cell, or leave the column out; whole numbers and text together are categories only up to ${maximumMixed} different ones.`,
  );
}

/**
 * The categories of a column with text in it by the rules of 0.1.0.
 *
 * @throws BitgradError if there are too many
 */
export function oldCategories(column: ColumnStore, name: string): readonly string[] {
  if (column.numbers > 0) {
    const different = column.distinct === null ? null : column.differentTexts();
    if (different !== null && different.size <= maximumMixed) return [...different].sort();
    return mixedCategories(column, name);
  }
  if (column.dictionary.length <= maximumCategories) return [...column.dictionary].sort();
  throw new BitgradError(
    `${placeOfFound(column.firstText!, name)}: expected at most ${maximumCategories} different texts in a column, received more`,
    'Remove the column if it names or numbers the rows.',
  );
}
