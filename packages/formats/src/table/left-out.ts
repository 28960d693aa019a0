import { show } from '@bitgrad/core';
import type { ColumnStore } from './column-store.js';
import { oneSpelling } from './texts.js';

/** Of fewer rows nobody can say that a column only numbers or names them. */
const FEWEST_ROWS = 5;
/** The share of different texts from which they name the rows. */
const UNIQUE = 0.95;
/** Texts that look like numbers are values, not names of kinds, if there are more than these. */
const FEW_TEXTS = 32;

/** Why a column that can be read is left out all the same, in words; null where it is not. */
export function reasonToLeaveOut(column: ColumnStore, isIndex: boolean): string | null {
  const { numbers, dates, texts, length } = column;
  if (isIndex) return 'is the index of the rows, as the file says';
  if (length < FEWEST_ROWS) return null;
  if (texts === 0 && dates === 0) {
    return numbers === length && column.countsRows ? 'only numbers the rows' : null;
  }
  if (texts === 0 || numbers > texts) return null;
  const present = texts + dates + numbers;
  const different = oneSpelling(column.dictionary).length + column.unkept;
  const isUnique = different >= UNIQUE * present;
  const areMany = isUnique || different > Math.max(FEW_TEXTS, present / 2);
  if (looksLikeNumbers(column) && areMany) {
    return `holds texts that look like numbers, such as ${show(column.forms.firstLikeNumber)}, but are not understood as such`;
  }
  return isUnique
    ? `holds another text in nearly every row, such as ${show(column.dictionary[0])}`
    : null;
}

function looksLikeNumbers({ forms, texts }: ColumnStore): boolean {
  return 2 * (forms.likeNumbers - forms.hexadecimals) > texts;
}
