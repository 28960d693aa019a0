import { Readable } from 'node:stream';
import { BitgradError } from '@bitgrad/core';
import { cleanLines, isClean } from '../csv/clean-lines.js';
import { type Dialect, findDialect, wordsOf } from '../csv/dialect.js';
import { RowReader } from '../csv/row-reader.js';
import { refuseSparseRows } from '../csv/sparse-rows.js';
import { utf8Pieces } from '../csv/utf8.js';
import { isTitle } from '../table/header.js';
import { usualDecimalOf } from '../table/number-format.js';
import type { VisitBlock } from '../table/source.js';
import { widthError } from '../table/width-error.js';
import { BlockRows } from './block-rows.js';
import { ByteRows } from './byte-rows.js';
import { FormatFinder } from './find-format.js';
import type { RowStream, VisitCells } from './row-stream.js';

const QUOTE = 34;
const LINE_FEED = 10;
/** What a last line may lack. */
const END = Buffer.of(LINE_FEED);
/** A dialect's delimiter that stands for any white space. */
const SPACES = ' ';
/** Rows among which the names are looked for. */
const MOST_TITLES = 8;
/** Rows that tell how numbers are written. */
const FORMAT_ROWS = 1000;
/** What is looked at before any row is read, in bytes, however they come. */
const HEAD = 2 ** 18;
/** What Papa Parse is given at a time, in bytes. */
const PIECE = 2 ** 16;
/** The longest row, in bytes: an open quote swallows the rest. */
const LONGEST_ROW = 2 ** 20;

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
      const code = delimiterOf(dialect);
      const isApart = !/[-.\d]/.test(dialect.delimiter);
      const rows = new BlockRows(fileName, code, width, readsNumbers && isApart, visitBlock, 1);
      return readRows(head.bytes, iterator, rows, {
        fileName,
        dialect,
        width,
        visit,
        pause: undefined,
      });
    },
  };
}

const delimiterOf = ({ delimiter }: Dialect): number => delimiter.charCodeAt(0);

interface FirstRow {
  /** Rows above. */
  readonly titles: number;
  readonly first: readonly string[] | undefined;
}

/** The cells of the first row that is more than a title. */
async function firstRow(text: string, dialect: Dialect): Promise<FirstRow> {
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

/** Only tables with quotes need it. */
const loadPapa = async () => (await import('papaparse')).default;

/** The filled rows of a head, without the one that it perhaps ends within. */
async function firstRows(
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

async function* prepend(head: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield head;
  yield* rest;
}

interface Reading {
  readonly fileName: string;
  readonly dialect: Dialect;
  /** Cells of a row. */
  readonly width: number;
  readonly visit: VisitCells;
  readonly pause: (() => Promise<void>) | undefined;
}

async function readRows(
  head: Buffer,
  rest: AsyncIterator<Buffer>,
  rows: ByteRows | BlockRows,
  reading: Reading,
): Promise<void> {
  const { fileName, dialect } = reading;
  if (dialect.delimiter === SPACES) {
    await readSpaced(head, rest, reading);
    return;
  }
  let left: Buffer = Buffer.alloc(0);
  for (let piece: Buffer | null = head; piece !== null; ) {
    if (dialect.newline === '\r') {
      await readQuoted(Buffer.concat([left, piece]), rest, rows.line, reading);
      return;
    }
    // Only the line that both pieces hold a part of is copied.
    const first = piece.indexOf(LINE_FEED) + 1;
    const last = piece.lastIndexOf(LINE_FEED) + 1;
    if (first > 0) {
      const line = Buffer.concat([left, piece.subarray(0, first)]);
      const taken = rows.take(line);
      const whole = taken === line.length ? first + rows.take(piece.subarray(first, last)) : 0;
      if (whole < last) {
        const open =
          whole > 0 ? [piece.subarray(whole)] : [line.subarray(taken), piece.subarray(first)];
        await readQuoted(Buffer.concat(open), rest, rows.line, reading);
        return;
      }
      left = Buffer.from(piece.subarray(last));
    } else {
      left = Buffer.concat([left, piece]);
      if (left.length > LONGEST_ROW && left.includes(QUOTE)) {
        await readQuoted(left, rest, rows.line, reading);
        return;
      }
    }
    await reading.pause?.();
    if (left.length > LONGEST_ROW) throw tooLong(fileName, rows.line);
    const next = await rest.next();
    piece = next.done ? null : next.value;
  }
  if (left.length === 0) return;
  const taken = rows.take(Buffer.concat([left, END]));
  if (taken < left.length) await readQuoted(left.subarray(taken), rest, rows.line, reading);
}

/** Reads words with white space between them. */
async function readSpaced(
  head: Buffer,
  rest: AsyncIterator<Buffer>,
  { fileName, dialect, width, visit, pause }: Reading,
): Promise<void> {
  let left = '';
  let line = 1;
  let isFirst = true;
  const take = (text: string): void => {
    const words = wordsOf(text);
    // R names its rows, but not the column of these names.
    if (isFirst && words.length === width - 1) words.unshift('');
    const isRow = words.length > 0;
    if (isRow && words.length !== width) {
      throw widthError(`${fileName}: line ${line}`, width, words.length);
    }
    if (isRow) visit(words, line);
    if (isRow) isFirst = false;
    line += 1;
  };
  for await (const piece of textPieces(head, rest, fileName)) {
    const lines = (left + piece).split(dialect.newline);
    left = lines.pop()!;
    for (const one of lines) take(one);
    await pause?.();
  }
  take(left);
}

/** Reads on from the beginning of a line with Papa Parse. */
async function readQuoted(
  left: Buffer,
  rest: AsyncIterator<Buffer>,
  line: number,
  { fileName, dialect, width, visit, pause }: Reading,
): Promise<void> {
  const reader = new RowReader(
    fileName,
    dialect,
    (cells, at) => {
      if (cells.length !== width) {
        throw widthError(`${fileName}: line ${at}`, width, cells.length);
      }
      visit(cells as readonly string[], at);
    },
    line,
  );
  const stream = Readable.from(textPieces(left, rest, fileName));
  const Papa = await loadPapa();
  await new Promise<void>((resolve, reject) => {
    Papa.parse<string[]>(stream, {
      delimiter: dialect.delimiter,
      newline: dialect.newline,
      chunk: (results, parser) => {
        try {
          reader.take(results);
          if (pause === undefined) return;
          parser.pause();
          pause().then(() => parser.resume(), fail);
        } catch (error) {
          fail(error);
        }
        function fail(error: unknown): void {
          reject(error);
          parser.abort();
          stream.destroy();
        }
      },
      complete: () => resolve(),
      error: reject,
    });
  });
}

/** Pieces of text, large enough each. */
async function* textPieces(
  left: Buffer,
  rest: AsyncIterator<Buffer>,
  fileName: string,
): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8');
  const decode = (bytes?: Uint8Array): string => {
    const text = decoder.decode(bytes, { stream: bytes !== undefined });
    if (!text.includes('\0')) return text;
    throw new BitgradError(
      `${fileName}: expected text, received a zero byte`,
      'Save the file as UTF-8.',
    );
  };
  function* decodeInPieces(bytes: Buffer): Generator<string> {
    for (let at = 0; at < bytes.length; at += PIECE) yield decode(bytes.subarray(at, at + PIECE));
  }
  // The reader of rows takes many pieces without a whole row for a quote that is never closed.
  let waiting: Uint8Array[] = [left];
  let length = left.length;
  for (let next = await rest.next(); !next.done; next = await rest.next()) {
    waiting.push(Buffer.from(next.value));
    length += next.value.length;
    if (length < PIECE) continue;
    yield* decodeInPieces(Buffer.concat(waiting));
    waiting = [];
    length = 0;
  }
  yield* decodeInPieces(Buffer.concat(waiting));
  yield decode();
}

/** After a carriage return stands a line feed, or old Macs' lines end so. */
const LINE_END = /\r?\n|\r(?=[\s\S])/;

/** Whether a line has come to its end that may be a row: not blank, no comment, not Excel's `sep=;`. */
function holdsRow(text: string): boolean {
  const whole = text.split(LINE_END).slice(0, -1);
  return whole.some((line) => line.trim() !== '' && !/^(?:#|"?sep=.)/i.test(line));
}

/** A text's beginning. */
interface Head {
  /** All that was read. */
  readonly bytes: Buffer;
  /** What is looked at: it does not depend on how the bytes came. */
  readonly text: string;
  /** Whether the input ends with it. */
  readonly isWhole: boolean;
}

/** `HEAD` bytes, or twice as many as often as it takes to hold a whole row; less where the input ends. */
async function readHead(iterator: AsyncIterator<Buffer>): Promise<Head> {
  let bytes: Buffer = Buffer.alloc(0);
  for (let limit = HEAD; ; limit *= 2) {
    const pieces = [bytes];
    let { length } = bytes;
    let isWhole = false;
    while (length < limit && !isWhole) {
      const next = await iterator.next();
      isWhole = next.done === true;
      if (next.done) break;
      pieces.push(Buffer.from(next.value));
      length += next.value.length;
    }
    bytes = Buffer.concat(pieces);
    const looked = bytes.subarray(0, limit);
    if (isWhole || limit > LONGEST_ROW || holdsRow(looked.toString('latin1'))) {
      return { bytes, text: looked.toString('utf8'), isWhole };
    }
  }
}

function tooLong(fileName: string, line: number): BitgradError {
  return new BitgradError(
    `${fileName}: line ${line}: expected a row that ends, received one of more than ${LONGEST_ROW} bytes`,
  );
}
