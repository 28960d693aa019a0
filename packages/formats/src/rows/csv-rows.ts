import { BitgradError } from '@bitgrad/core';
import { cleanLines, isClean } from '../csv/clean-lines.js';
import { type Dialect, findDialect } from '../csv/dialect.js';
import { readHead } from '../csv/head.js';
import { refuseSparseRows } from '../csv/sparse-rows.js';
import { utf8Pieces } from '../csv/utf8.js';
import { usualDecimalOf } from '../table/number-format.js';
import type { VisitBlock } from '../table/source.js';
import { BlockRows } from './block-rows.js';
import { ByteRows } from './byte-rows.js';
import { FormatFinder } from './find-format.js';
import { firstRow, firstRows } from './first-rows.js';
import { readLines } from './read-lines.js';
import { readQuoted } from './read-quoted.js';
import { readSpaced } from './read-spaced.js';
import type { Reading } from './reading.js';
import type { RowStream, VisitCells } from './row-stream.js';

/** A dialect's delimiter that stands for any white space. */
const SPACES = ' ';

/** Rows of a CSV text. */
export interface CsvRows extends RowStream {
  readonly delimiter: string;
  /**
   * Reads the table, once, names and all: some rows at once as long as that goes, then a row at a time.
   *
   * @param readsNumbers whether cells that are written as JavaScript writes numbers are numbers
   * @throws BitgradError as `read`
   */
  readBlocks(readsNumbers: boolean, visit: VisitCells, visitBlock: VisitBlock): Promise<void>;
}

/**
 * A CSV text as it comes, in UTF-8, UTF-16 or Latin-1. Cells are read out of its bytes as long as it holds
 * no quotes, or in blocks none but around whole cells; from there on, Papa Parse reads it.
 *
 * @param pieces each stays as it is at least until the next but one is asked for
 * @param say called with what people should know of how the text is written
 * @throws BitgradError if it is empty
 */
export async function csvRows(
  pieces: AsyncIterable<Uint8Array>,
  fileName: string,
  say: (note: string) => void = () => undefined,
): Promise<CsvRows> {
  const plain = utf8Pieces(pieces, fileName, (encoding) =>
    say(`${fileName} is read as ${encoding}: its bytes are no UTF-8`),
  );
  const start = await readHead(plain);
  refuseSparseRows(start.text, fileName);
  const dialect = findDialect(start.text);
  const { namesLine } = dialect;
  if (namesLine > 0) say(`${fileName}: line ${namesLine} names the columns, after #`);
  const sayCut = (cut: number, line: number): void => {
    const lines = cut === 1 ? `line ${line}` : `${cut} lines, the first of them ${line}`;
    say(`${fileName}: a comment from # on is left out of ${lines}`);
  };
  const iterator = isClean(dialect)
    ? plain
    : cleanLines(prepend(start.bytes, plain), dialect, sayCut);
  const head = isClean(dialect) ? start : await readHead(iterator);
  const { titles, first } = await firstRow(head.text, dialect);
  if (first === undefined) {
    throw new BitgradError(`${fileName}: expected rows of values, received none`);
  }
  return {
    fileName,
    delimiter: dialect.delimiter,
    usualDecimal: usualDecimalOf(dialect.delimiter),
    unit: 'line',
    names: null,
    types: null,
    first: first.map((cell) => cell.trim()),
    findFormat: async (places, hasHeader, known) => {
      const names = first.map((cell, at) => (hasHeader ? cell.trim() : `column ${at + 1}`));
      const finder = new FormatFinder({ fileName }, names, places);
      const above = hasHeader ? titles + 1 : 0;
      const rows = await firstRows(head, dialect);
      for (const row of rows.slice(above)) finder.add(row);
      return finder.find(usualDecimalOf(dialect.delimiter), known);
    },
    read: (wanted, hasHeader, visit, pause) => {
      let skips = hasHeader ? titles + 1 : 0;
      const visitRow: VisitCells = (cells, line) => {
        if (skips > 0) skips -= 1;
        else visit(cells, line);
      };
      const width = wanted.length;
      const reading = { fileName, dialect, width, visit: visitRow, pause };
      const rows = new ByteRows(fileName, delimiterOf(dialect), wanted, visitRow, 1);
      return readRows(head.bytes, iterator, rows, reading);
    },
    readBlocks: (readsNumbers, visit, visitBlock) => {
      const width = first.length;
      const delimiter = delimiterOf(dialect);
      const areNumbers = readsNumbers && !/[-.\d]/.test(dialect.delimiter);
      const rows = new BlockRows(fileName, delimiter, width, areNumbers, visitBlock, 1);
      const reading = { fileName, dialect, width, visit, pause: undefined };
      return readRows(head.bytes, iterator, rows, reading);
    },
  };
}

const delimiterOf = ({ delimiter }: Dialect): number => delimiter.charCodeAt(0);

async function* prepend(head: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield head;
  yield* rest;
}

function readRows(
  head: Buffer,
  rest: AsyncIterator<Buffer>,
  rows: ByteRows | BlockRows,
  reading: Reading,
): Promise<void> {
  const { delimiter, newline } = reading.dialect;
  if (delimiter === SPACES) return readSpaced(head, rest, reading);
  if (newline === '\r') return readQuoted(head, rest, rows.line, reading);
  return readLines(head, rest, rows, reading);
}
