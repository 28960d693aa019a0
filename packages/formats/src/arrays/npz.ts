import type { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import { BitgradError } from '@bitgrad/core';
import yauzl, { type Entry, type ZipFile } from 'yauzl';
import { systemReason } from '../files.js';
import type { ArraySource } from './read-array.js';

/** The most arrays that an NPZ file may hold. */
const maximumEntries = 1000;

/**
 * Does something with the arrays of an NPZ file (a ZIP file of NPY arrays, stored or deflated).
 * What an entry unpacks to is compared with its size and its CRC-32, and never exceeds that size.
 *
 * @throws BitgradError if the file is no such file or is damaged
 */
export async function withNpz<Result>(
  path: string,
  work: (arrays: readonly ArraySource[]) => Promise<Result>,
): Promise<Result> {
  const file = await inWords(path, () =>
    yauzl.openPromise(path, { autoClose: false, strictFileNames: true }),
  );
  try {
    const entries = await inWords(path, () => readEntries(file, path));
    return await work(entries.map((entry) => arrayOf(file, entry, path)));
  } finally {
    file.close();
  }
}

async function readEntries(file: ZipFile, path: string): Promise<Entry[]> {
  if (file.entryCount > maximumEntries) {
    throw new BitgradError(
      `${path}: expected at most ${maximumEntries} arrays, received ${file.entryCount} entries`,
    );
  }
  const entries: Entry[] = [];
  for await (const entry of file.eachEntry()) {
    if (entries.some(({ fileName }) => fileName === entry.fileName)) {
      throw new BitgradError(`${path}: expected different names, received ${entry.fileName} twice`);
    }
    if (entry.fileName.endsWith('.npy')) entries.push(entry);
  }
  return entries;
}

function arrayOf(file: ZipFile, entry: Entry, path: string): ArraySource {
  const name = entry.fileName.replace(/\.npy$/, '');
  const place = `${path}: ${name}`;
  return {
    name,
    place,
    bytes: entry.uncompressedSize,
    open: async () => {
      const stream = await inWords(place, () => file.openReadStreamPromise(entry, {}));
      return checkedPieces(stream, entry, place);
    },
  };
}

async function* checkedPieces(
  stream: Readable,
  entry: Entry,
  place: string,
): AsyncGenerator<Uint8Array> {
  let sum = 0;
  try {
    for await (const piece of stream) {
      sum = crc32(piece as Buffer, sum);
      yield piece as Buffer;
    }
  } catch (error) {
    throw damaged(place, error);
  }
  if (sum !== entry.crc32) {
    throw new BitgradError(
      `${place}: expected the CRC-32 ${entry.crc32.toString(16)}, received ${sum.toString(16)}`,
      'The file is damaged; save or download it again.',
    );
  }
}

async function inWords<Result>(place: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw damaged(place, error);
  }
}

function damaged(place: string, error: unknown): BitgradError {
  if (error instanceof BitgradError) return error;
  return new BitgradError(
    `${place}: expected NPZ (a ZIP file), received a file that does not read (${systemReason(error)})`,
    'The file is damaged or truncated.',
  );
}
