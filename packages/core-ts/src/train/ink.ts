import { type ImageSize, imageFeatures } from '../dataset.js';

/** Of so many images each is as good as all. */
const LOOKED_AT = 1000;
/** MNIST's digits leave four pixels in five blank; photographs hardly any. */
const LEAST_BLANK = 0.6;

/**
 * Whether images are ink on blank ground, as MNIST's digits are, so that black and white says all: grey
 * ones in which most pixels are 0.
 *
 * @param inputs `[samples, features]`
 */
export function isInk(inputs: Uint8Array, image: ImageSize): boolean {
  if ((image.channels ?? 1) !== 1) return false;
  const looked = inputs.subarray(0, LOOKED_AT * imageFeatures(image));
  let blank = 0;
  for (const value of looked) if (value === 0) blank += 1;
  return blank >= LEAST_BLANK * looked.length;
}
