import { BitgradError } from '@bitgrad/core';
import {
  imageOfRows,
  openPlainPng,
  type PixelBudget,
  pngSize,
  type RgbaImage,
} from '@bitgrad/formats/image-folder';
import { crc32 } from './crc32.js';

const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** An image, and whether every decoder gives the same bits of it. */
export interface Decoded extends RgbaImage {
  /** True of plain PNG files (grey, RGB or RGBA of 8 bits), which the command reads likewise. */
  readonly isExact: boolean;
}

/**
 * Decodes an image: a plain PNG file to the bits that the command has of it, any other as this browser
 * does, turned upright, colour profiles left aside. How a JPEG is decoded is not laid down to the bit, so
 * another browser, or the command, may get other ones.
 *
 * @throws BitgradError if this browser cannot read it, or it is too large
 */
export async function decodeHere(
  bytes: Uint8Array,
  fileName: string,
  budget: PixelBudget,
): Promise<Decoded> {
  const isPng = PNG.every((byte, at) => bytes[at] === byte);
  const size = isPng ? pngSize(bytes) : undefined;
  if (size !== undefined) {
    await budget.take(size.width, size.height, bytes.length, fileName);
    const plain = await decodePlainPng(bytes);
    if (plain !== undefined) return { ...plain, isExact: true };
    budget.release(size.width * size.height);
  }
  const bitmap = await createImageBitmap(new Blob([bytes as Uint8Array<ArrayBuffer>]), {
    colorSpaceConversion: 'none',
    premultiplyAlpha: 'none',
    imageOrientation: 'from-image',
  }).catch(() => {
    throw new BitgradError(
      `${fileName}: expected an image that this browser can read, received one that it cannot`,
      'Save it as PNG.',
    );
  });
  try {
    const { width, height } = bitmap;
    await budget.take(width, height, bytes.length, fileName);
    const context = new OffscreenCanvas(width, height).getContext('2d', {
      willReadFrequently: true,
    })!;
    context.drawImage(bitmap, 0, 0);
    const { data } = context.getImageData(0, 0, width, height);
    return { width, height, pixels: new Uint8Array(data.buffer), isExact: false };
  } finally {
    bitmap.close();
  }
}

async function decodePlainPng(bytes: Uint8Array): Promise<RgbaImage | undefined> {
  const png = openPlainPng(bytes, crc32);
  if (png === undefined) return undefined;
  const blob = new Blob(png.packed as Uint8Array<ArrayBuffer>[]);
  const rows = new Uint8Array(png.rowBytes);
  let filled = 0;
  try {
    const reader = blob.stream().pipeThrough(new DecompressionStream('deflate')).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      if (filled + value.length > rows.length) {
        await reader.cancel();
        return undefined;
      }
      rows.set(value, filled);
      filled += value.length;
    }
  } catch {
    return undefined;
  }
  return filled === rows.length ? imageOfRows(rows, png) : undefined;
}
