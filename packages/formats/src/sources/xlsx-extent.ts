import { BitgradError } from '@bitgrad/core';

/** A sheet's most rows and columns: Excel's, to XFD1048576. */
const MOST_ROWS = 2 ** 20;
const MOST_COLUMNS = 2 ** 14;
/** The most cells and rows of all sheets, the empty ones among them too, which all are in memory. */
const MOST_CELLS = 2 ** 25;
/** The most of what becomes an object each: more than Excel writes of any. */
const MOST_ELEMENTS: Readonly<Record<string, number>> = {
  xf: 2 ** 17,
  numFmt: 2 ** 17,
  sheet: 2 ** 12,
  Relationship: 2 ** 17,
};

const SPACE = '[ \\t\\n\\v\\f\\r]';
const ELEMENT = new RegExp(`<(?:[\\w.-]*:)?(row|c)(?=${SPACE}|[/>])`, 'g');
const COUNTED = new RegExp(
  `<(?:[\\w.-]*:)?(${Object.keys(MOST_ELEMENTS).join('|')})(?=${SPACE}|[/>])`,
  'g',
);
const ATTRIBUTE = new RegExp(
  `${SPACE}+([\\w.:-]+)${SPACE}*=${SPACE}*(?:"([^"<]*)"|'([^'<]*)')`,
  'y',
);
const TAG_END = new RegExp(`${SPACE}*(/?)>`, 'y');

/** The longest tag or text: a cell's 32,767 letters, each as an entity. */
const LONGEST = 2 ** 18;

/** Comments and plain text, by how they begin and end. */
const ASIDES = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
] as const;

/**
 * Checks how far an Excel file's sheets reach, before they are read: a cell far away makes rows and columns of empty
 * ones up to it, and a file of a thousand bytes may hold one anywhere. Of rows and cells, no other spelling is taken
 * than programs write, so that they are seen here as they are read later.
 *
 * @param parts by their names; any of them may be a sheet
 * @throws BitgradError if they are too many, and Error in words, without the place, if a row or a cell is none
 */
export function checkExtent(parts: ReadonlyMap<string, Buffer>, path: string): void {
  let cells = 0;
  for (const part of parts.values()) {
    const xml = part.toString('latin1');
    checkLengths(xml);
    checkElements(xml, path);
    if (!xml.includes('sheetData')) continue;
    const { rows, dataRows, dataColumns } = extentOf(xml);
    cells += rows + dataRows * dataColumns;
    if (cells > MOST_CELLS) {
      throw new BitgradError(
        `${path}: expected sheets whose cells fit in memory, the empty ones between them too, received ${dataRows} rows of ${dataColumns} cells, of at most ${MOST_CELLS} cells in all`,
        'Delete cells that stand far from the table, or save the table as CSV.',
      );
    }
  }
}

/**
 * The library's parser takes parts in pieces, and begins anew at each with what has not ended yet: a comment without
 * its end or a tag of millions of letters takes time by the square of its length.
 *
 * @throws Error in words; also for a document type, which no Excel file has
 */
export function checkLengths(xml: string): void {
  const check = (length: number): void => {
    if (length > LONGEST) throw new Error(`a tag or a text of ${length} letters`);
  };
  let at = xml.indexOf('<');
  check(at);
  while (at >= 0) {
    let from = at + 1;
    if (xml.startsWith('!', from)) {
      const [begin, end] = ASIDES.find((aside) => xml.startsWith(aside[0], at)) ?? [];
      if (begin === undefined || end === undefined) throw new Error('a document type');
      from = xml.indexOf(end, at + begin.length);
      if (from < 0) throw new Error(`${begin} without its end`);
      check(from - at);
    }
    const next = xml.indexOf('<', from);
    check((next < 0 ? xml.length : next) - from);
    at = next;
  }
}

function checkElements(xml: string, path: string): void {
  const counts: Record<string, number> = {};
  for (const [, name] of xml.matchAll(COUNTED)) {
    counts[name!] = (counts[name!] ?? 0) + 1;
    if (counts[name!]! <= MOST_ELEMENTS[name!]!) continue;
    throw new BitgradError(
      `${path}: expected an Excel file of at most ${MOST_ELEMENTS[name!]} elements <${name}>, received more`,
      'Save the table as CSV.',
    );
  }
}

/** A sheet's rows, and how many rows and columns lead to its last values. */
function extentOf(xml: string): { rows: number; dataRows: number; dataColumns: number } {
  let [rows, row, dataRows, dataColumns, unnumbered] = [0, 0, 0, 0, 0];
  ELEMENT.lastIndex = 0;
  for (let found = ELEMENT.exec(xml); found !== null; found = ELEMENT.exec(xml)) {
    const { references, end, isClosed } = readTag(xml, ELEMENT.lastIndex);
    ELEMENT.lastIndex = end;
    if (found[1] === 'row') row = 0;
    if (found[1] === 'row' && references.length === 0) unnumbered += 1;
    for (const reference of references) {
      const [, letters, digits] = /^([A-Z]{0,3})([0-9]{1,7})$/.exec(reference) ?? [];
      const column = columnOf(letters ?? '');
      const number = Number(digits);
      if (!(number >= 1 && number <= MOST_ROWS && column <= MOST_COLUMNS)) {
        throw new Error(`a row or a cell at ${JSON.stringify(reference.slice(0, 20))}`);
      }
      row = Math.max(row, number);
      const isEmpty = isClosed || xml.startsWith('</', end);
      if (found[1] === 'row' || isEmpty) continue;
      dataRows = Math.max(dataRows, row);
      dataColumns = Math.max(dataColumns, column);
    }
    rows = Math.max(rows, row);
  }
  return { rows: rows + unnumbered, dataRows, dataColumns };
}

/** What a tag says of its place, and where it ends. @throws Error if it is none */
function readTag(
  xml: string,
  begin: number,
): { references: string[]; end: number; isClosed: boolean } {
  const references: string[] = [];
  let end = begin;
  ATTRIBUTE.lastIndex = end;
  for (let found = ATTRIBUTE.exec(xml); found !== null; found = ATTRIBUTE.exec(xml)) {
    end = ATTRIBUTE.lastIndex;
    const [, attribute, ...values] = found;
    const value = values[0] ?? values[1] ?? '';
    if (/^(?:(?!xmlns:)[^:]*:)?r$/.test(attribute!) && value !== '') references.push(value);
  }
  TAG_END.lastIndex = end;
  const closing = TAG_END.exec(xml);
  if (closing === null) throw new Error('a row or a cell whose tag does not end');
  return { references, end: TAG_END.lastIndex, isClosed: closing[1] === '/' };
}

/** A column's number by its letters: A is 1. */
function columnOf(letters: string): number {
  let column = 0;
  for (const letter of letters) column = 26 * column + letter.charCodeAt(0) - 64;
  return column;
}
