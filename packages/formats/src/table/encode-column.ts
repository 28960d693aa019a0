import {
  type ColumnEncoding,
  type DatePart,
  datePart,
  inSentence,
  parseDate,
  show,
} from '@bitgrad/core';
import { checkNumeric, placeOfFound } from './checks.js';
import type { Found } from './column-cells.js';
import type { ColumnStore } from './column-store.js';
import { findOffset, NO_OFFSET } from './offset.js';
import { type Categories, mixedCategories, numberCategories, textCategories } from './texts.js';

/** What somebody asked a column to be. */
export type Forced = 'number' | 'category' | null;

/** How a column becomes features, and what people should know of it. */
export interface Encoded {
  readonly encoding: ColumnEncoding;
  readonly notes: readonly string[];
}

const SECONDS_A_DAY = 86_400;

/**
 * Decides how a column becomes features.
 *
 * @param flagsMissing whether one more feature says where cells are missing
 * @throws BitgradError naming the place, if it mixes numbers and texts, or is not what is asked for
 */
export function encodeColumn(
  column: ColumnStore,
  name: string,
  forced: Forced,
  flagsMissing: boolean,
): Encoded {
  const encoded = chooseEncoding(column, name, forced);
  if (column.missing === 0 || !flagsMissing) return encoded;
  return { ...encoded, encoding: { ...encoded.encoding, missing: true } };
}

function chooseEncoding(column: ColumnStore, name: string, forced: Forced): Encoded {
  const { numbers, dates, texts } = column;
  const textual = texts + dates + (column.isSigned ? 1 : 0);
  if (forced === 'number') checkNumeric(column, name, 'Mend the cell, or do not ask for numbers.');
  if (forced === 'category') {
    const found = textual === 0 ? numberCategories(column) : textCategories(column);
    return encodeCategories(column, name, found, []);
  }
  if (textual === 0) return encodeNumber(column, name);
  if (texts === 0 && numbers === 0) return encodeDate(column, name);
  if (numbers <= textual) {
    const found = column.firstText;
    const areDates = found !== null && dates > numbers + texts;
    const odd = areDates
      ? [`${inSentence(name)} holds dates but for ${placed(found, name)}: they are categories`]
      : [];
    return encodeCategories(column, name, textCategories(column), odd);
  }
  const categories = mixedCategories(column, name);
  const found = column.firstText ?? column.firstDate!;
  const note = `${inSentence(name)} holds numbers but for ${placed(found, name)}: its ${categories.length} different cells are categories`;
  return encodeCategories(column, name, { categories, other: false }, [note]);
}

/** A cell and its line, as in `"x" (line 2)`. */
function placed(found: Found, name: string): string {
  return `${show(found.cell)} (${placeOfFound(found, name).split(': ').at(-1)!.split(',')[0]})`;
}

function encodeNumber(column: ColumnStore, name: string): Encoded {
  checkNumeric(column, name);
  const { offset, note } = findOffset(column, name);
  return {
    encoding: {
      name,
      categories: null,
      ...(offset === 0 ? {} : { offset }),
    },
    notes: [
      ...(note === null ? [] : [note]),
      ...currencyNotes(column, name),
      ...codeNotes(column, name),
      ...dateNumberNotes(column, name),
    ],
  };
}

function currencyNotes({ forms: { currencies } }: ColumnStore, name: string): string[] {
  if (currencies.size < 2) return [];
  const all = [...currencies].slice(0, 4).join(', ');
  return [`${inSentence(name)} holds several currencies (${all}): the numbers alone are read`];
}

/** Zeros before whole numbers are hardly ever written but in codes. */
function codeNotes({ forms: { firstCode } }: ColumnStore, name: string): string[] {
  if (firstCode === null) return [];
  return [
    `${inSentence(name)} holds numbers with zeros before them, such as ${firstCode}, and is read as numbers: --categorical makes codes categories`,
  ];
}

/** Whole numbers such as 20240229, all of which are days, are hardly quantities. */
function dateNumberNotes({ distinct, sample }: ColumnStore, name: string): string[] {
  const numbers = [...(distinct ?? sample)];
  const areDays = numbers.length > 1 && numbers.every((number) => isDay(number));
  if (!areDays) return [];
  return [
    `${inSentence(name)} holds numbers that look like dates, such as ${numbers[0]}, and is read as numbers: written as 2024-02-29 they are dates`,
  ];
}

function isDay(number: number): boolean {
  const [, year, month, day] = /^((?:19|20)\d\d)(\d\d)(\d\d)$/.exec(String(number)) ?? [];
  return day !== undefined && parseDate(`${year}-${month}-${day}`) !== null;
}

function encodeDate(column: ColumnStore, name: string): Encoded {
  const unit = column.hasTimes ? 'seconds' : 'days';
  // Days are whole numbers that binary32 tells apart.
  const { offset, note } = column.hasTimes ? findOffset(column, name) : NO_OFFSET;
  const candidates: readonly DatePart[] = column.hasTimes
    ? ['month', 'weekday', 'hour']
    : ['month', 'weekday'];
  const parts = candidates.filter((part) => varies(column, part));
  const features = [unit, ...parts].join(', ');
  const isClock = column.hasTimes && column.least >= 0 && column.most < SECONDS_A_DAY;
  return {
    encoding: {
      name,
      categories: null,
      ...(offset === 0 ? {} : { offset }),
      date: { unit, parts },
    },
    notes: [
      `${inSentence(name)} holds ${isClock ? 'times of day' : 'dates'}, which become ${features}`,
      ...(note === null ? [] : [note]),
    ],
  };
}

/** A part that never changes says nothing. */
function varies(column: ColumnStore, part: DatePart): boolean {
  let first: number | null = null;
  for (let row = 0; row < column.length; row += 1) {
    const moment = column.momentAt(row);
    if (moment === null) continue;
    const value = datePart(moment, part);
    if (first !== null && value !== first) return true;
    first = value;
  }
  return false;
}

function encodeCategories(
  column: ColumnStore,
  name: string,
  { categories, other }: Categories,
  notes: readonly string[],
): Encoded {
  const { likeNumbers, firstLikeNumber } = column.forms;
  const looksLikeNumbers = column.texts > 0 && 2 * likeNumbers > column.texts;
  return {
    encoding: {
      name,
      categories,
      ...(other ? { other } : {}),
    },
    notes: [
      ...notes,
      ...(other
        ? [
            `${inSentence(name)} holds more than 1000 different cells: the commonest ${categories.length} are categories, all others one more`,
          ]
        : []),
      ...(looksLikeNumbers
        ? [
            `${inSentence(name)} holds texts that look like numbers, such as ${show(firstLikeNumber)}, but are not understood as such: they are categories`,
          ]
        : []),
    ],
  };
}
