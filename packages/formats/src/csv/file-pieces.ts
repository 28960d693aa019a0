import { stat } from 'node:fs/promises';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { BitgradError } from '@bitgrad/core';
import { readPieces, systemReason } from '../files.js';

/** A gzipped text larger than this is a bomb if it is also this much larger than its file. */
const bombBytes = 2 ** 23;
const bombRatio = 250;

/**
 * Reads a file from its beginning, a piece at a time, unpacking it on the way.
 *
 * @param areKept whether pieces stay as they are; else each may only until the next but one is asked for
 * @throws BitgradError if it cannot be read, does not unpack, or unpacks to far too much
 */
export async function* filePieces(
  path: string,
  isPacked: boolean,
  areKept = true,
): AsyncGenerator<Buffer> {
  const { size } = await stat(path);
  let bytes = 0;
  try {
    for await (const chunk of openBytes(path, isPacked, areKept)) {
      const piece = chunk as Buffer;
      bytes += piece.length;
      if (isPacked && bytes > bombBytes && bytes > size * bombRatio) {
        throw new BitgradError(
          `${path}: expected a gzipped text, received ${size} bytes that unpack to more than ${bombRatio} times as many`,
        );
      }
      yield piece;
    }
  } catch (error) {
    throw error instanceof BitgradError ? error : unreadable(path, error);
  }
}

function openBytes(path: string, isPacked: boolean, areKept: boolean): AsyncIterable<unknown> {
  if (!isPacked) return readPieces(path, areKept);
  // What goes wrong comes out of the last stream, which is the one that is read.
  return pipeline(Readable.from(readPieces(path)), createGunzip(), () => undefined);
}

function unreadable(path: string, error: unknown): BitgradError {
  const reason = systemReason(error);
  if (!reason.startsWith('Z_')) return new BitgradError(`${path}: cannot be read (${reason})`);
  return new BitgradError(
    `${path}: expected gzip data, received bytes that do not unpack (${reason})`,
    'The file is damaged or truncated; download it again.',
  );
}
