import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { Decompress } from 'fzstd';
import type { Compressors } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';

const { LZ4_RAW: unpackLz4Block } = compressors;

/** Decompressors that stop soon after the size that a page's header says. */
export const boundedCompressors: Compressors = {
  ...compressors,
  GZIP: (input, length) => gunzipSync(input, { maxOutputLength: Math.max(length, 1) }),
  BROTLI: (input, length) => brotliDecompressSync(input, { maxOutputLength: Math.max(length, 1) }),
  ZSTD: unpackZstandard,
  // The library refuses the block of no bytes, which is what a page without values holds.
  LZ4_RAW: (input, length) => (length === 0 ? new Uint8Array(0) : unpackLz4Block!(input, length)),
};

/** @throws Error if more than `length` bytes come out */
export function unpackZstandard(input: Uint8Array, length: number): Uint8Array {
  const out = new Uint8Array(length);
  let filled = 0;
  const stream = new Decompress((piece) => {
    if (filled + piece.length > length) throw new Error('more bytes than the header says');
    out.set(piece, filled);
    filled += piece.length;
  });
  stream.push(input, true);
  return out.subarray(0, filled);
}
