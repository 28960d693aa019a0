import { Readable } from 'node:stream';
import { BitgradError } from '@bitgrad/core';
import Papa from 'papaparse';
import { type Dialect, findDialect } from '../csv/dialect.js';
import { RowReader } from '../csv/row-reader.js';
import { ByteRows } from './byte-rows.js';
import type { RowStream, VisitCells, Wanted } from './row-stream.js';

const QUOTE = 34;
const LINE_FEED = 10;
const BYTE_ORDER_MARK = Buffer.from('\ufeff');
/** What Papa Parse is given at a time, in bytes. */
const PIECE = 2 ** 16;
/** The longest row, in bytes: an open quote swallows the rest. */
const LONGEST_ROW = 2 ** 20;

/**
 * A CSV text as it comes. As long as it holds no quote, cells are read out of its bytes; from the
 * first quote on, Papa Parse reads it.
 *
 * @throws BitgradError if it is empty
 */
export async function csvRows(
  pieces: AsyncIterable<Uint8Array>,
  fileName: string,
): Promise<RowStream> {
  const iterator = pieces[Symbol.asyncIterator]();
  const head = await readHead(iterator);
  const text = head.toString('utf8');
  const dialect = findDialect(text);
  const { data } = Papa.parse<string[]>(text, { ...dialect, preview: 1, skipEmptyLines: 'greedy' });
  const first = data[0];
  if (first === undefined) {
    throw new BitgradError(`${fileName}: expected rows of values, received none`);
  }
  return {
    fileName,
    unit: 'line',
    names: null,
    types: null,
    first: first.map((cell) => cell.trim()),
    read: (wanted, hasHeader, visit, pause) => {
      let skips = hasHeader;
      const visitRow: VisitCells = (cells, line) => {
        if (skips) skips = false;
        else visit(cells, line);
      };
      return readRows(head, iterator, { fileName, dialect, wanted, visit: visitRow, pause });
    },
  };
}

interface Reading {
  readonly fileName: string;
  readonly dialect: Dialect;
  readonly wanted: readonly Wanted[];
  readonly visit: VisitCells;
  readonly pause: (() => Promise<void>) | undefined;
}

async function readRows(
  head: Buffer,
  rest: AsyncIterator<Uint8Array>,
  reading: Reading,
): Promise<void> {
  const { fileName, dialect, wanted, visit } = reading;
  const rows = new ByteRows(fileName, dialect.delimiter.charCodeAt(0), wanted, visit, 1);
  let left: Buffer = head;
  for (;;) {
    if (left.includes(QUOTE) || dialect.newline === '\r') {
      await readQuoted(left, rest, rows.line, reading);
      return;
    }
    const end = left.lastIndexOf(LINE_FEED) + 1;
    rows.take(left.subarray(0, end));
    await reading.pause?.();
    left = left.subarray(end);
    if (left.length > LONGEST_ROW) throw tooLong(fileName, rows.line);
    const next = await rest.next();
    if (next.done) break;
    left = left.length === 0 ? asBuffer(next.value) : Buffer.concat([left, next.value]);
  }
  rows.take(left);
}

/** Reads on from the beginning of a line with Papa Parse. */
async function readQuoted(
  left: Buffer,
  rest: AsyncIterator<Uint8Array>,
  line: number,
  { fileName, dialect, wanted, visit, pause }: Reading,
): Promise<void> {
  const reader = new RowReader(
    fileName,
    dialect,
    (cells, at) => {
      if (cells.length !== wanted.length) {
        throw new BitgradError(
          `${fileName}: line ${at}: expected ${wanted.length} cells as in the first row, received ${cells.length}`,
        );
      }
      visit(cells as readonly string[], at);
    },
    line,
  );
  const stream = Readable.from(decoded(left, rest, fileName));
  await new Promise<void>((resolve, reject) => {
    Papa.parse<string[]>(stream, {
      ...dialect,
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

async function* decoded(
  left: Buffer,
  rest: AsyncIterator<Uint8Array>,
  fileName: string,
): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const decode = (bytes?: Uint8Array): string => {
    try {
      const text = decoder.decode(bytes, { stream: bytes !== undefined });
      if (!text.includes('\0')) return text;
    } catch {
      // The error below tells.
    }
    throw new BitgradError(
      `${fileName}: expected UTF-8 text, received bytes that are none`,
      'Save the file as UTF-8.',
    );
  };
  // The reader of rows takes many pieces without a whole row for a quote that is never closed.
  let waiting: Uint8Array[] = [left];
  let length = left.length;
  for (let next = await rest.next(); !next.done; next = await rest.next()) {
    waiting.push(next.value);
    length += next.value.length;
    if (length < PIECE) continue;
    yield decode(Buffer.concat(waiting));
    waiting = [];
    length = 0;
  }
  yield decode(Buffer.concat(waiting));
  yield decode();
}

/** After a carriage return stands a line feed, or old Macs' lines end so. */
const WHOLE_LINE = /\S[\s\S]*?(?:\n|\r[\s\S])/;

/** The first piece, and more until it holds a whole line, without a byte order mark. */
async function readHead(iterator: AsyncIterator<Uint8Array>): Promise<Buffer> {
  let head = Buffer.alloc(0);
  for (;;) {
    const next = await iterator.next();
    if (next.done) break;
    head = Buffer.concat([head, next.value]);
    if (head.length > LONGEST_ROW || WHOLE_LINE.test(head.toString('latin1'))) break;
  }
  const hasMark = head.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK);
  return hasMark ? head.subarray(BYTE_ORDER_MARK.length) : head;
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

function tooLong(fileName: string, line: number): BitgradError {
  return new BitgradError(
    `${fileName}: line ${line}: expected a row that ends, received one of more than ${LONGEST_ROW} bytes`,
  );
}
