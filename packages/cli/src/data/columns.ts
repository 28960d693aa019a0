import type { Dataset, TableEncoding } from '@bitgrad/core';
import { plural } from '../format.js';

/** Few texts may all be different by chance. */
const FEW_CATEGORIES = 32;

/** `length`, or `colour (2 texts)`. */
export function describeColumn({ name, categories }: TableEncoding['columns'][number]): string {
  return categories === null ? name : `${name} (${plural(categories.length, 'text')})`;
}

/**
 * What somebody should know of a table's columns: texts that hardly repeat, as names and dates,
 * each become a feature from which nothing can be learnt for other rows. Numbers with decimal
 * commas show themselves here, too.
 */
export function columnNotes({ encoding, trainCount, testCount }: Dataset): string[] {
  const rows = trainCount + testCount;
  return (encoding?.columns ?? []).flatMap(({ name, categories }) => {
    if (categories === null || categories.length <= Math.max(FEW_CATEGORIES, rows / 2)) return [];
    const texts = `${plural(categories.length, 'different text')}, such as ${categories[0]}`;
    return `column ${name} holds ${texts}, in ${plural(rows, 'row')}: remove it if it only tells rows apart`;
  });
}
