import { BitgradError } from '@bitgrad/core';
import { systemReason } from '../files.js';
import type { RgbaImage } from './grey.js';
import { mostPixels, PixelBudget } from './pixel-budget.js';
import { decodePlainPng } from './png.js';
import { pngSize } from './png-parts.js';

/** The largest image file, in bytes: 64 MiB. */
export const maximumImageBytes = 2 ** 26;

const SIGNATURES: readonly (readonly [name: string, start: number, bytes: readonly number[]])[] = [
  ['PNG', 0, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ['JPEG', 0, [0xff, 0xd8, 0xff]],
  ['WebP', 8, [0x57, 0x45, 0x42, 0x50]],
  ['GIF', 0, [0x47, 0x49, 0x46, 0x38]],
  ['TIFF', 0, [0x49, 0x49, 0x2a, 0x00]],
  ['TIFF', 0, [0x4d, 0x4d, 0x00, 0x2a]],
  ['AVIF', 4, [0x66, 0x74, 0x79, 0x70, 0x61, 0x76, 0x69, 0x66]],
];

/** What kind of image the bytes start like, whatever the file is called. */
export function imageKind(bytes: Uint8Array): string | undefined {
  const found = SIGNATURES.find(([, start, signature]) =>
    signature.every((byte, index) => bytes[start + index] === byte),
  );
  return found?.[0];
}

/** Pictures that are not read, by name. */
function otherKind(bytes: Uint8Array): string | undefined {
  const start = Buffer.from(bytes.subarray(0, 12)).toString('latin1');
  if (start.startsWith('BM')) return 'a BMP image';
  if (start.startsWith('%PDF')) return 'a PDF document';
  if (/^.{4}ftyp(?:hei|hev|mif1|msf1)/s.test(start)) return 'a HEIC image';
  return /^(?:<svg|<\?xml)/.test(start) ? 'an SVG drawing' : undefined;
}

/**
 * Decodes a PNG, JPEG, WebP, GIF, TIFF or AVIF image to 8-bit colours with opacity: turned upright as a camera says,
 * colour profiles left aside, the first picture of several.
 *
 * @param fileName named in errors
 * @param budget of all images that are decoded together, which is given back what this one took when
 *   its pixels are no longer needed
 * @throws BitgradError if it is none of these, is damaged, truncated or too large
 */
export async function decodeImage(
  bytes: Uint8Array,
  fileName: string,
  budget: PixelBudget = new PixelBudget(),
): Promise<RgbaImage> {
  const kind = imageKind(bytes);
  if (kind === undefined) {
    const received =
      bytes.length === 0
        ? 'an empty file'
        : (otherKind(bytes) ??
          `bytes that start ${Buffer.from(bytes.subarray(0, 4)).toString('hex')}`);
    throw new BitgradError(
      `${fileName}: expected a PNG, JPEG, WebP, GIF, TIFF or AVIF image, received ${received}`,
    );
  }
  if (bytes.length > maximumImageBytes) {
    throw new BitgradError(
      `${fileName}: expected an image of at most ${maximumImageBytes} bytes, received ${bytes.length}`,
    );
  }
  let pixels = 0;
  const take = async (width: number, height: number): Promise<void> => {
    await budget.take(width, height, bytes.length, fileName);
    pixels = width * height;
  };
  const size = kind === 'PNG' ? pngSize(bytes) : undefined;
  if (size !== undefined) {
    await take(size.width, size.height);
    const plain = decodePlainPng(bytes);
    if (plain !== undefined) return plain;
  }
  try {
    const sharp = await importSharp(kind, fileName);
    const image = sharp(bytes, {
      failOn: 'warning',
      limitInputPixels: mostPixels,
      ignoreIcc: true,
    });
    const { space, width, height } = await image.metadata();
    if (space === 'cmyk') {
      throw new BitgradError(
        `${fileName}: expected grey or RGB, received CMYK, the colours of printing`,
        'Save the image as RGB.',
      );
    }
    if (size === undefined) await take(width, height);
    const { data, info } = await image
      .autoOrient()
      .toColourspace('srgb')
      .ensureAlpha()
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return { width: info.width, height: info.height, pixels: data };
  } catch (error) {
    budget.release(pixels);
    if (error instanceof BitgradError) throw error;
    const [reason] = systemReason(error).split('\n');
    if (reason?.includes('pixel limit')) {
      throw new BitgradError(`${fileName}: expected at most ${mostPixels} pixels, received more`);
    }
    throw new BitgradError(
      `${fileName}: expected a ${kind} image, received bytes that do not decode (${reason?.replace(/:$/, '')})`,
      'The file is damaged or truncated.',
    );
  }
}

/**
 * Imports sharp when the first image comes that is no plain PNG: its native library is large, most
 * data have no images, and so it is not installed unless somebody asks for it.
 */
async function importSharp(
  kind: string,
  fileName: string,
): Promise<typeof import('sharp').default> {
  try {
    return (await import('sharp')).default;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const received =
      code === 'ERR_MODULE_NOT_FOUND'
        ? 'none is installed'
        : `it does not load (${systemReason(error).split('\n')[0]})`;
    throw new BitgradError(
      `${fileName}: expected the npm package sharp, which decodes ${kind === 'PNG' ? 'PNG images of this kind' : `${kind} images`}; ${received}`,
      'Install it where Bitgrad is (npm install sharp@0.35, with -g if Bitgrad was), or save images as plain PNG.',
    );
  }
}
