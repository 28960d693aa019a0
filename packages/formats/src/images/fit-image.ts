import type { ImageSize } from '@bitgrad/core';
import { coloursOf, greyOf, type RgbaImage } from './grey.js';
import { resize } from './resize.js';

/**
 * Makes an image grey, or puts its colours on white, and resizes it, each channel by itself.
 *
 * @param out `[height, width, channels]` of `size`
 */
export function fitImage(image: RgbaImage, size: ImageSize, out: Uint8Array): void {
  const { height, width, channels = 1 } = size;
  if (channels === 1) {
    resize(greyOf(image), image, size, out);
    return;
  }
  const planes = coloursOf(image);
  const from = image.height * image.width;
  const plane = new Uint8Array(height * width);
  for (let c = 0; c < channels; c += 1) {
    resize(planes.subarray(c * from, (c + 1) * from), image, size, plane);
    for (let i = 0; i < plane.length; i += 1) out[i * channels + c] = plane[i]!;
  }
}

/** Whether any pixel `[…, 3]` is not grey. */
export function hasColour(pixels: Uint8Array): boolean {
  for (let at = 0; at < pixels.length; at += 3) {
    if (pixels[at] !== pixels[at + 1] || pixels[at] !== pixels[at + 2]) return true;
  }
  return false;
}

/** One channel of pixels `[…, 3]` that are all grey. */
export function firstChannel(pixels: Uint8Array): Uint8Array {
  const grey = new Uint8Array(pixels.length / 3);
  for (let i = 0; i < grey.length; i += 1) grey[i] = pixels[3 * i]!;
  return grey;
}
