import { BitgradError, canonicalNumber, inSentence, show } from '@bitgrad/core';
import { type Classes, checkClassCount, makeClasses } from '../classes.js';
import { checkFinite, countOf, placeOfFound } from './checks.js';
import { maximumCategories } from './column-cells.js';
import type { ColumnStore } from './column-store.js';
import { oneSpelling } from './texts.js';

/** The most classes that a label of integers may mean; more look like numbers to be learnt. */
export const maximumNumericClasses = 100;

/** Whether a column's cells are all numbers. */
export function isNumeric({ texts, dates }: ColumnStore): boolean {
  return texts === 0 && dates === 0;
}

/** Integers that come less than twice on average are numbers if they are more than this many. */
const fewestDifferent = 20;

/** Whether a label's numbers look like numbers to be learnt, not like classes. */
export function looksLikeRegression(column: ColumnStore): boolean {
  if (!isNumeric(column) || column.numbers === 0) return false;
  return areQuantities(column.distinct, column.numbers);
}

/**
 * Whether different labels, as numbers, are something to be learnt as numbers and not as classes.
 *
 * @param different null if there are too many to tell them apart
 */
export function areQuantities(different: ReadonlySet<number> | null, rows: number): boolean {
  if (different === null || different.size > maximumNumericClasses) return true;
  const isRare = different.size > fewestDifferent && 2 * different.size > rows;
  return isRare || [...different].some((value) => !Number.isSafeInteger(value));
}

/**
 * The classes of a label column: any texts, or a few integers.
 *
 * @throws BitgradError if there are too many or only one, or they look like numbers to be learnt
 */
export function labelClasses(
  column: ColumnStore,
  name: string,
  fileName: string,
  rules: number,
): Classes {
  if (isNumeric(column)) return integerClasses(column, name, fileName);
  const place = placeOfFound((column.firstText ?? column.firstDate)!, name);
  // Of numbers that are known to be too many, a text each would take gigabytes.
  const mayBeFew = column.unkept === 0 && column.distinct !== null;
  const different = mayBeFew ? column.differentTexts() : null;
  if (different === null || different.size > maximumCategories) {
    throw new BitgradError(
      `${place}: expected at most ${maximumCategories} classes, received more`,
      'Choose another column as the label.',
    );
  }
  const classes = makeClasses(rules > 1 ? oneSpelling(different) : different);
  checkClassCount(classes, `${fileName}: column ${show(name)}`);
  return classes;
}

/** What people should know of a label of many texts, which may be meant for something else. */
export function classNotes(column: ColumnStore, name: string): string[] {
  const { dates, texts, numbers, dictionary, forms } = column;
  const different = dictionary.length;
  if (isNumeric(column) || different <= fewestDifferent) return [];
  const what = `${inSentence(name)}, the label, holds`;
  if (texts === 0) return [`${what} dates: each of ${different} is a class`];
  if (2 * forms.likeNumbers > texts) {
    return [
      `${what} texts that look like numbers, such as ${show(forms.firstLikeNumber)}, but are not understood as such: each of ${different} is a class`,
    ];
  }
  const rows = texts + dates + numbers;
  return 2 * different > rows ? [`${what} ${different} classes in ${countOf(rows, 'row')}`] : [];
}

function integerClasses(column: ColumnStore, name: string, fileName: string): Classes {
  checkFinite(column, name);
  const place = `${fileName}: column ${show(name)}`;
  const fix =
    'Choose another column as the label, or learn the numbers themselves (regression: loss squared-error).';
  const labels = column.distinct && new Set([...column.distinct].map(canonicalNumber));
  if (labels === null || labels.size > maximumNumericClasses) {
    throw new BitgradError(
      `${place}: expected at most ${maximumNumericClasses} classes, received more different numbers`,
      fix,
    );
  }
  const fraction = [...labels].find((label) => !Number.isSafeInteger(Number(label)));
  if (fraction !== undefined) {
    throw new BitgradError(`${place}: expected classes, received the number ${fraction}`, fix);
  }
  const classes = makeClasses(labels);
  checkClassCount(classes, place);
  return classes;
}
