import { stat } from 'node:fs/promises';
import { pipeline, Readable } from 'node:stream';
import { TextDecoder } from 'node:util';
import { createGunzip } from 'node:zlib';
import { BitgradError } from '@bitgrad/core';
import { readPieces, systemReason } from '../files.js';

/** A gzipped text larger than this is a bomb if it is also this much larger than its file. */
const bombBytes = 2 ** 23;
const bombRatio = 250;
const lineFeed = 10;

/**
 * Reads a text file from its beginning, a piece at a time, unpacking it on the way.
 *
 * @throws BitgradError if it cannot be read, does not unpack, or is not UTF-8 text
 */
export async function* readText(path: string, isPacked: boolean): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const { size } = await stat(path);
  let bytes = 0;
  let lines = 1;
  try {
    for await (const chunk of openBytes(path, isPacked)) {
      const piece = chunk as Buffer;
      bytes += piece.length;
      if (isPacked && bytes > bombBytes && bytes > size * bombRatio) {
        throw new BitgradError(
          `${path}: expected a gzipped text, received ${size} bytes that unpack to more than ${bombRatio} times as many`,
        );
      }
      const text = decode(decoder, piece, `${path}: line ${lines} or soon after`);
      lines += countLineFeeds(piece);
      yield text;
    }
    decode(decoder, undefined, `${path}: the end`);
  } catch (error) {
    throw error instanceof BitgradError ? error : unreadable(path, error);
  }
}

function openBytes(path: string, isPacked: boolean): Readable {
  const file = Readable.from(readPieces(path));
  // What goes wrong comes out of the last stream, which is the one that is read.
  return isPacked ? pipeline(file, createGunzip(), () => undefined) : file;
}

function decode(decoder: TextDecoder, piece: Buffer | undefined, place: string): string {
  try {
    const text = decoder.decode(piece, { stream: piece !== undefined });
    if (!text.includes('\0')) return text;
  } catch {
    throw new BitgradError(
      `${place}: expected UTF-8 text, received bytes that are none`,
      'Save the file as UTF-8.',
    );
  }
  throw new BitgradError(
    `${place}: expected UTF-8 text, received a zero byte`,
    'Save the file as UTF-8 (not UTF-16).',
  );
}

function countLineFeeds(piece: Buffer): number {
  let count = 0;
  for (let at = piece.indexOf(lineFeed); at >= 0; at = piece.indexOf(lineFeed, at + 1)) count += 1;
  return count;
}

function unreadable(path: string, error: unknown): BitgradError {
  const reason = systemReason(error);
  if (!reason.startsWith('Z_')) return new BitgradError(`${path}: cannot be read (${reason})`);
  return new BitgradError(
    `${path}: expected gzip data, received bytes that do not unpack (${reason})`,
    'The file is damaged or truncated; download it again.',
  );
}
