// The compact form of image data that the page loads. `src/data/unpack.ts` is the way back.

import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';

/**
 * One bit a pixel, 1 where the byte is above 0, the first pixel in the lowest bit. Deflate finds
 * more in these plain rows than after any of the usual filters.
 * @param {Uint8Array} pixels
 * @returns {Uint8Array}
 */
export function packBits(pixels) {
  const bits = new Uint8Array(Math.ceil(pixels.length / 8));
  for (let i = 0; i < pixels.length; i += 1) {
    if (/** @type {number} */ (pixels[i]) > 0) bits[i >> 3] |= 1 << (i & 7);
  }
  return bits;
}

/**
 * The bytes above 0, in order: with the bits, which say where, this is the whole grey image.
 * @param {Uint8Array} pixels
 */
export function packGrey(pixels) {
  return pixels.filter((value) => value > 0);
}

/**
 * Compresses a file of the pack and names it by its contents, so that it can be cached for ever.
 * @param {string} name
 * @param {Uint8Array} contents
 */
export function packFile(name, contents) {
  const data = deflateSync(contents, { level: 9, memLevel: 9 });
  const sha256 = createHash('sha256').update(contents).digest('hex');
  const file = `${name}-${sha256.slice(0, 12)}.bin`;
  return { data, entry: { file, bytes: data.length, contentBytes: contents.length, sha256 } };
}
