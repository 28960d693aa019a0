import { type Dialect, wordsOf } from '../csv/dialect.js';
import type { Head } from '../csv/head.js';
import { loadPapa } from '../csv/papa.js';
import { isTitle } from '../table/header.js';

/** A dialect's delimiter that stands for any white space. */
const SPACES = ' ';
/** Rows among which the names are looked for. */
const MOST_TITLES = 8;
/** Rows that tell how numbers are written. */
const FORMAT_ROWS = 1000;

interface FirstRow {
  /** Rows above. */
  readonly titles: number;
  readonly first: readonly string[] | undefined;
}

/** The cells of the first row that is more than a title. */
export async function firstRow(text: string, dialect: Dialect): Promise<FirstRow> {
  const { newline, delimiter } = dialect;
  if (delimiter !== SPACES) {
    // Blank lines would count as what is looked at.
    const rows = text.slice(text.lastIndexOf(newline, Math.max(0, text.search(/\S/))) + 1);
    const all = rows.includes('"')
      ? (await loadPapa()).parse<string[]>(rows, { delimiter, newline, preview: MOST_TITLES }).data
      : rows.split(newline, MOST_TITLES).map((line) => line.split(delimiter));
    const filled = all.filter((row) => row.length > 1 || row[0]?.trim() !== '');
    const found = filled.findIndex((row) => !isTitle(row.map((cell) => cell.trim())));
    const titles = Math.max(0, found);
    return { titles, first: filled[titles] };
  }
  const lines = text.split(newline).filter((line) => line.trim() !== '');
  const [first = [], second = first] = lines.slice(0, 2).map(wordsOf);
  return { titles: 0, first: first.length === second.length - 1 ? ['', ...first] : first };
}

/** The filled rows of a head, without the one that it perhaps ends within. */
export async function firstRows(
  { text, isWhole }: Head,
  { newline, delimiter }: Dialect,
): Promise<string[][]> {
  const end = text.lastIndexOf(newline) + 1;
  const whole = end > 0 && !isWhole ? text.slice(0, end) : text;
  if (delimiter === SPACES || !whole.includes('"')) {
    const lines = whole.split(newline, FORMAT_ROWS).filter((line) => line.trim() !== '');
    return lines.map((line) => (delimiter === SPACES ? wordsOf(line) : line.split(delimiter)));
  }
  const Papa = await loadPapa();
  const { data } = Papa.parse<string[]>(whole, { delimiter, newline, preview: FORMAT_ROWS });
  return data.filter((row) => row.length > 1 || row[0]?.trim() !== '');
}
