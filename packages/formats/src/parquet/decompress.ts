import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { Decompress } from 'fzstd';
import type { Compressors } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';

/** Decompressors that stop soon after the size that a page's header says. */
export const boundedCompressors: Compressors = {
  ...compressors,
  GZIP: (input, length) => gunzipSync(input, { maxOutputLength: Math.max(length, 1) }),
  BROTLI: (input, length) => brotliDecompressSync(input, { maxOutputLength: Math.max(length, 1) }),
  ZSTD: unpackZstandard,
};

function unpackZstandard(input: Uint8Array, length: number): Uint8Array {
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
