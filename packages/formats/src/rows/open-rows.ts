import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { BitgradError } from '@bitgrad/core';
import { textBeginning } from '../csv/utf8.js';
import { systemReason } from '../files.js';
import { isGzip } from '../gunzip.js';
import { withSpooled } from '../spool.js';
import { csvRows } from './csv-rows.js';
import type { RowStream } from './row-stream.js';
import { sourceRows } from './source-rows.js';

const PIECE_BYTES = 2 ** 18;
const PARQUET = 'PAR1';
/** How files begin whose rows are not read as they come: ZIP (Excel), Arrow; and texts: JSON, ARFF. */
const ARROW = ['ARROW1', '\xff\xff\xff\xff'];
const WHOLE = ['PK\x03\x04', ...ARROW];
const WHOLE_TEXT = /^\s*(?:[[{]|(?:%[^\n]*\n\s*)*@(?:relation|attribute)\s)/i;
const SNIFFED = 4096;

/**
 * Opens a table to be read once: a CSV file, a Parquet, Excel, JSON, ARFF, Feather or Arrow file. Texts may
 * be gzipped.
 *
 * @throws BitgradError if it cannot be read or is no table
 */
export async function openRows(path: string): Promise<RowStream> {
  const found = await stat(path).catch((error: unknown) => {
    throw new BitgradError(`${path}: cannot be read (${systemReason(error)})`);
  });
  if (found.isDirectory()) {
    throw new BitgradError(`${path}: expected a file of rows, received a folder`);
  }
  const stream = createReadStream(path, { highWaterMark: PIECE_BYTES });
  const { pieces, start, words, isPacked } = await unpack(stream, path);
  if (isCsv(start, words)) return csvRows(pieces, path);
  stream.destroy();
  if (isPacked || !start.startsWith(PARQUET)) {
    const { openTable } = await import('../sources/open.js');
    return sourceRows(await openTable(path), !ARROW.some((one) => start.startsWith(one)));
  }
  const { parquetRows } = await import('./parquet-rows.js');
  return parquetRows(path);
}

/**
 * Opens a table, does something with it, and closes it. What comes on stdin is read as it comes where it is
 * CSV, and else after its end, from a temporary file.
 *
 * @param path `-` for stdin
 * @throws BitgradError if it cannot be read or is no table, and what `work` throws
 */
export async function withRows<Result>(
  path: string,
  work: (rows: RowStream) => Promise<Result>,
): Promise<Result> {
  if (path !== '-') return work(await openRows(path));
  const fileName = 'stdin';
  const { pieces, start, words } = await unpack(process.stdin, fileName);
  if (isCsv(start, words)) return work(await csvRows(pieces, fileName));
  const workOn = async (copy: string) => work({ ...(await openRows(copy)), fileName });
  return withSpooled(fileName, workOn, pieces);
}

interface Unpacked {
  readonly pieces: AsyncIterable<Uint8Array>;
  /** How they begin, a character a byte. */
  readonly start: string;
  /** How they begin as a text. */
  readonly words: string;
  readonly isPacked: boolean;
}

/** The bytes of a stream, unpacked where they are gzipped. */
async function unpack(stream: Readable, fileName: string): Promise<Unpacked> {
  const raw = await sniff(inWords(stream, fileName));
  if (!isGzip(raw.head)) return { ...raw, isPacked: false };
  const gunzip = createGunzip({ chunkSize: PIECE_BYTES });
  const unpacked = pipeline(raw.pieces, gunzip, () => undefined);
  return { ...(await sniff(inWords(unpacked, fileName))), isPacked: true };
}

async function sniff(all: AsyncGenerator<Uint8Array>): Promise<{
  head: Uint8Array;
  start: string;
  words: string;
  pieces: AsyncGenerator<Uint8Array>;
}> {
  const first = await all.next();
  const head: Uint8Array = first.done ? new Uint8Array(0) : first.value;
  const start = Buffer.from(head.subarray(0, SNIFFED)).toString('latin1');
  return { head, start, words: textBeginning(head), pieces: prepend(head, all) };
}

/** Whether rows are read as they come: whether a file begins like none of the others. */
function isCsv(start: string, words: string): boolean {
  return !WHOLE_TEXT.test(words) && ![PARQUET, ...WHOLE].some((one) => start.startsWith(one));
}

async function* prepend(
  head: Uint8Array,
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield head;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

async function* inWords(stream: Readable, fileName: string): AsyncGenerator<Uint8Array> {
  try {
    for await (const piece of stream) yield piece as Uint8Array;
  } catch (error) {
    if (error instanceof BitgradError) throw error;
    const reason = systemReason(error);
    if (!reason.startsWith('Z_')) {
      throw new BitgradError(`${fileName}: cannot be read (${reason})`);
    }
    throw new BitgradError(
      `${fileName}: expected gzip data, received bytes that do not unpack (${reason})`,
      'The file is damaged or truncated; download it again.',
    );
  }
}
