/** What Excel itself has. */
const MOST_ROWS = 2 ** 20;
const MOST_COLUMNS = 2 ** 14;
/** The reader makes a value for every cell up to the last row and column that hold something: 256 MiB of them. */
const MOST_CELLS = 2 ** 25;

/** A row's or a cell's tag, up to its end or to the next one's beginning. */
const TAG = /<(?:[\w.-]+:)?(?:row|c)(?=[\s/>])([^<>]*)([<>])/g;
const PLACE = /(?<![\w:.-])r\s*=\s*["']([^"']*)["']/;
const ROW_OR_CELL = /^([A-Z]{0,3})(\d{1,7})$/;
const LETTER_A = 65;

/**
 * Checks where a sheet's rows and cells say that they are, before they are read: the reader of Excel fills all
 * before them, so that a few bytes could say more than the memory holds.
 *
 * @param xml of a sheet, or of another part of the file
 * @throws Error in words, without the place
 */
export function checkSheetSize(xml: string): void {
  let [rows, columns] = [0, 0];
  TAG.lastIndex = 0;
  for (let tag = TAG.exec(xml); tag !== null; tag = TAG.exec(xml)) {
    const [, attributes = '', end] = tag;
    if (end === '<') throw new Error('a row or a cell whose tag does not end');
    const place = PLACE.exec(attributes)?.[1];
    if (place === undefined) continue;
    const [, letters, digits] = ROW_OR_CELL.exec(place) ?? [];
    const column = letters === undefined ? Number.NaN : columnOf(letters);
    const row = Number(digits);
    if (!(row >= 1 && row <= MOST_ROWS && column <= MOST_COLUMNS)) {
      throw new Error(`a row or a cell at ${JSON.stringify(place.slice(0, 20))}`);
    }
    if (attributes.endsWith('/')) continue;
    rows = Math.max(rows, row);
    columns = Math.max(columns, column);
  }
  if (rows * columns > MOST_CELLS) {
    throw new Error(`${rows} rows of ${columns} cells, of at most ${MOST_CELLS} cells in all`);
  }
}

/** `A` is 1, `Z` 26, `AA` 27; without letters 0. */
function columnOf(letters: string): number {
  let column = 0;
  for (let at = 0; at < letters.length; at += 1) {
    column = 26 * column + letters.charCodeAt(at) - LETTER_A + 1;
  }
  return column;
}
