import { crc32, inflateSync } from 'node:zlib';
import type { RgbaImage } from './grey.js';
import { imageOfRows, openPlainPng } from './png-parts.js';

/**
 * Decodes the plainest PNG files: grey, RGB or RGBA of 8 bits, not interlaced. Data sets of many
 * small images are such files, and the general decoder takes far longer to start than these take to
 * decode.
 *
 * @param bytes with PNG's signature, of a size that may be decoded
 * @returns undefined for any other file, damaged ones too, which are left to the general decoder
 */
export function decodePlainPng(bytes: Uint8Array): RgbaImage | undefined {
  const png = openPlainPng(bytes, crc32);
  if (png === undefined) return undefined;
  const { packed, rowBytes } = png;
  try {
    const whole = packed.length === 1 ? packed[0]! : Buffer.concat(packed);
    return imageOfRows(inflateSync(whole, { maxOutputLength: rowBytes }), png);
  } catch {
    return undefined;
  }
}
