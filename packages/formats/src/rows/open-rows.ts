import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { BitgradError } from '@bitgrad/core';
import { systemReason } from '../files.js';
import { isGzip } from '../gunzip.js';
import { csvRows } from './csv-rows.js';
import type { RowStream } from './row-stream.js';
import { sourceRows } from './source-rows.js';

const PIECE_BYTES = 2 ** 18;
const PARQUET = 'PAR1';
/** How files begin whose rows are not read as they come: ZIP (Excel), Arrow; and texts: JSON, ARFF. */
const WHOLE = ['PK\x03\x04', 'ARROW1', '\xff\xff\xff\xff'];
const WHOLE_TEXT = /^\s*(?:[[{]|(?:%[^\n]*\n\s*)*@(?:relation|attribute)\s)/i;
const SNIFFED = 4096;

/**
 * Opens a table to be read once: a CSV file, plain or gzipped, a Parquet, Excel, JSON, ARFF, Feather or
 * Arrow file, or the CSV text that comes on stdin.
 *
 * @param path `-` for stdin
 * @throws BitgradError if it cannot be read or is no table
 */
export async function openRows(path: string): Promise<RowStream> {
  if (path === '-') return rowsOf(process.stdin, 'stdin');
  const found = await stat(path).catch((error: unknown) => {
    throw new BitgradError(`${path}: cannot be read (${systemReason(error)})`);
  });
  if (found.isDirectory()) {
    throw new BitgradError(`${path}: expected a file of rows, received a folder`);
  }
  return rowsOf(createReadStream(path, { highWaterMark: PIECE_BYTES }), path);
}

async function rowsOf(stream: Readable, fileName: string): Promise<RowStream> {
  const pieces = inWords(stream, fileName)[Symbol.asyncIterator]();
  const first = await pieces.next();
  const head: Uint8Array = first.done ? new Uint8Array(0) : first.value;
  const all = prepend(head, pieces);
  if (isGzip(head)) {
    const unpacked = pipeline(all, createGunzip({ chunkSize: PIECE_BYTES }), () => undefined);
    return csvRows(inWords(unpacked, fileName), fileName);
  }
  const start = Buffer.from(head.subarray(0, SNIFFED)).toString('latin1');
  const isParquet = start.startsWith(PARQUET);
  if (!isParquet && !WHOLE_TEXT.test(start) && !WHOLE.some((one) => start.startsWith(one)))
    return csvRows(all, fileName);
  stream.destroy();
  if (stream === process.stdin) {
    throw new BitgradError(
      `stdin: expected CSV text, received ${isParquet ? 'a Parquet file, whose contents are listed at its end' : 'a file that is read as a whole'}`,
      'Give the file itself.',
    );
  }
  if (!isParquet) {
    const { openTable } = await import('../sources/open.js');
    return sourceRows(await openTable(fileName));
  }
  const { parquetRows } = await import('./parquet-rows.js');
  return parquetRows(fileName);
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
