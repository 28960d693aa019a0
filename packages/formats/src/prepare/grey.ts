import { BitgradError } from '@bitgrad/core';
import { type GreyImage, roundedQuotient } from './grey-image.js';

/**
 * The brightness of a picture on a ground of one brightness.
 *
 * @param rgba `[height, width, 4]` bytes: red, green, blue and opacity
 * @param ground what shines through where the picture is transparent
 * @throws BitgradError if the sizes do not fit
 */
export function greyOf(
  rgba: Uint8Array | Uint8ClampedArray,
  width: number,
  height: number,
  ground: number,
): GreyImage {
  const isSize = (size: number): boolean => Number.isInteger(size) && size > 0;
  if (!isSize(width) || !isSize(height) || rgba.length !== 4 * width * height) {
    throw new BitgradError(
      `picture: expected ${width}×${height} pixels of 4 bytes, received ${rgba.length} bytes`,
    );
  }
  const pixels = new Uint8Array(width * height);
  for (let i = 0; i < pixels.length; i += 1) {
    // Rec. 601's weights in thousandths, as in most programs that make pictures grey.
    const luma = 299 * rgba[4 * i]! + 587 * rgba[4 * i + 1]! + 114 * rgba[4 * i + 2]!;
    const opacity = rgba[4 * i + 3]!;
    const mixed = luma * opacity + 1000 * ground * (255 - opacity);
    pixels[i] = roundedQuotient(mixed, 255_000);
  }
  return { width, height, pixels };
}
