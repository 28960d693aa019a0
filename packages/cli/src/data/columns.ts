import { type ColumnEncoding, type Dataset, inSentence } from '@bitgrad/core';
import { plural } from '../format.js';

/** Few texts may all be different by chance. */
const FEW_CATEGORIES = 32;

/** `length`, `day (date)`, or `colour (2 texts)`. */
export function describeColumn({ name, categories, date }: ColumnEncoding): string {
  if (date) return `${name} (date)`;
  return categories === null ? name : `${name} (${plural(categories.length, 'text')})`;
}

/**
 * What somebody should know of the data: what the reader decided, and texts that hardly repeat, each
 * of which becomes a feature from which nothing can be learnt for other rows.
 */
export function columnNotes({ encoding, trainCount, testCount, notes = [] }: Dataset): string[] {
  const rows = trainCount + testCount;
  const rare = (encoding?.columns ?? []).flatMap(({ name, categories }) => {
    if (categories === null || categories.length <= Math.max(FEW_CATEGORIES, rows / 2)) return [];
    const texts = `${plural(categories.length, 'different text')}, such as ${categories[0]}`;
    return `${inSentence(name)} holds ${texts}, in ${plural(rows, 'row')}: remove it if it only tells rows apart`;
  });
  return [...notes, ...rare];
}
