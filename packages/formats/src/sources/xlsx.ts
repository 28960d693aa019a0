import { Readable } from 'node:stream';
import { BitgradError } from '@bitgrad/core';
import type { Sheet } from 'read-excel-file/node';
import { readBytes, systemReason } from '../files.js';
import { maximumInputBytes } from '../limits.js';
import { rowsSource } from '../memory/rows-source.js';
import { clockText, dateText } from '../table/date-text.js';
import type { TableSource } from '../table/source.js';
import { withoutCdata } from './xlsx-cdata.js';
import { checkExtent } from './xlsx-extent.js';
import { sheetNotes } from './xlsx-notes.js';
import { storedZip, xlsxParts } from './xlsx-parts.js';

const SECONDS_A_DAY = 86_400;
/** Longer spans of time are dates. */
const LONGEST_SPAN = 31 * SECONDS_A_DAY;
const DAY_0 = Date.UTC(1899, 11, 30);
/** Of workbooks that say so, as Excel for Macintosh wrote them. */
const DAY_0_OF_1904 = Date.UTC(1904, 0, 1);
const COUNTS_FROM_1904 = /<(?:[\w.-]*:)?workbookPr\s[^<>]*?\bdate1904\s*=\s*["'](?:1|true|on)["']/;

/**
 * The first sheet of an Excel file (.xlsx) that holds a table: two cells beside each other.
 *
 * @throws BitgradError if it does not read, or none does
 */
export async function xlsxSource(path: string): Promise<TableSource> {
  const { sheets, parts } = await readSheets(path);
  const isTable = ({ data }: Sheet): boolean =>
    data.some((row) => row.filter((cell) => cell !== null).length > 1);
  const found = sheets.find(isTable) ?? sheets.find(({ data }) => data.length > 0);
  if (found === undefined) {
    throw new BitgradError(`${path}: expected a sheet with rows, received none`);
  }
  const width = found.data.reduce((most, row) => Math.max(most, row.length), 0);
  const rows = withoutDay0(
    found.data.filter((row) => row.some((cell) => cell !== null)),
    path,
    COUNTS_FROM_1904.test(parts.get('xl/workbook.xml')?.toString('latin1') ?? '')
      ? DAY_0_OF_1904
      : DAY_0,
  );
  const source = rowsSource(
    rows.map((row) => Array.from({ length: width }, (_, index) => row[index] ?? null)),
    path,
  );
  const others = sheets.length - 1;
  const notes = [
    ...(others === 0
      ? []
      : [
          `${path}: the sheet ${found.sheet} is read, ${others} other${others === 1 ? ' is' : 's are'} not`,
        ]),
    ...sheetNotes(parts, sheets.indexOf(found), path),
  ];
  return { ...source, notes: () => notes };
}

/**
 * All sheets. The library reads the very parts that were looked at, and not the file: a ZIP file can be made that is
 * another one when it is read from its start than by its directory.
 */
async function readSheets(path: string): Promise<{ sheets: Sheet[]; parts: Map<string, Buffer> }> {
  const bytes = Buffer.from(await readBytes(path, maximumInputBytes));
  const { default: readExcelFile } = await import('read-excel-file/node');
  try {
    const parts = withoutCdata(await xlsxParts(bytes, path));
    checkExtent(parts, path);
    const sheets = await readExcelFile(Readable.from(storedZip(parts)));
    return { sheets, parts };
  } catch (error) {
    throw error instanceof BitgradError ? error : damaged(path, error);
  }
}

/**
 * Excel has no times but on a day, which is 30 December 1899, or 1 January 1904, where none is meant: a column of such times becomes
 * times of day, or seconds where some are of a day and more, or negative. Dates become texts.
 *
 * @param day0 in milliseconds since 1970
 * @throws BitgradError if a number that is shown as a date is beyond all dates
 */
function withoutDay0(rows: Sheet['data'], path: string, day0: number): (readonly unknown[])[] {
  const secondsOf = (date: Date): number => (date.getTime() - day0) / 1000;
  const spans = new Map<number, { readonly least: number; readonly most: number }>();
  for (const row of rows) {
    for (const [column, cell] of row.entries()) {
      if (!(cell instanceof Date)) continue;
      const seconds = secondsOf(cell);
      const { least, most } = spans.get(column) ?? { least: seconds, most: seconds };
      spans.set(column, { least: Math.min(least, seconds), most: Math.max(most, seconds) });
    }
  }
  const isWithin = (column: number, from: number, end: number): boolean => {
    const { least, most } = spans.get(column)!;
    return least >= from && most < end;
  };
  return rows.map((row, index) =>
    row.map((cell, column) => {
      if (!(cell instanceof Date)) return cell;
      const place = () => `${path}: row ${index + 1}, cell ${column + 1}`;
      if (!isWithin(column, -LONGEST_SPAN, LONGEST_SPAN)) return dateText(cell, place);
      return isWithin(column, 0, SECONDS_A_DAY)
        ? clockText(secondsOf(cell), place)
        : secondsOf(cell);
    }),
  );
}

function damaged(path: string, error: unknown): BitgradError {
  return new BitgradError(
    `${path}: expected an Excel file (.xlsx), received one that does not read (${systemReason(error)})`,
    'The file is damaged, or locked by a password; save it again, or as CSV.',
  );
}
