import { BitgradError, type ImageSize, imageFeatures, type Receipt } from '@bitgrad/core';
import { prepareDigit } from '../prepare/prepare-digit.js';
import { fitImage } from './fit-image.js';
import type { RgbaImage } from './grey.js';

/** The side of MNIST's images, which digits are fitted into. */
const DIGIT_SIZE = 28;

/** How pictures become what a model learnt from. */
export interface ImagePreparation {
  /** `digit` finds the ink on any ground and centres it as MNIST does; `resize` only makes grey. */
  readonly kind: 'digit' | 'resize';
  readonly size: ImageSize;
}

/** How a model's images are prepared if nothing else is said; null if it did not learn from images. */
export function imagePreparationOf({ image, name }: Receipt['dataset']): ImagePreparation | null {
  if (image === null) return null;
  return { kind: name === 'mnist' && isDigitSize(image) ? 'digit' : 'resize', size: image };
}

/** Whether images are as large as MNIST's. */
export function isDigitSize({ height, width, channels = 1 }: ImageSize): boolean {
  return height === DIGIT_SIZE && width === DIGIT_SIZE && channels === 1;
}

/**
 * Prepares a picture of any size.
 *
 * @param fileName named in errors
 * @returns `[height, width, channels]` bytes
 * @throws BitgradError if it holds nothing to recognise, or its pixels do not fit its size
 */
export function prepareImage(
  image: RgbaImage,
  { kind, size }: ImagePreparation,
  fileName: string,
): Uint8Array {
  const { width, height, pixels } = image;
  const isWhole = Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0;
  if (!isWhole || pixels.length !== 4 * width * height) {
    throw new BitgradError(
      `${fileName}: expected ${width}×${height} pixels of 4 bytes, received ${pixels.length} bytes`,
    );
  }
  if (kind === 'resize') {
    const out = new Uint8Array(imageFeatures(size));
    fitImage(image, size, out);
    return out;
  }
  try {
    return prepareDigit(pixels, width, height);
  } catch (error) {
    if (!(error instanceof BitgradError)) throw error;
    throw new BitgradError(`${fileName}: ${error.message}`, error.fix);
  }
}
