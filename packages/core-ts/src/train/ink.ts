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

/** Of so many bytes each is as good as all. */
const BYTES_LOOKED_AT = 1_000_000;
/** A standard deviation of which hardly anything can be learnt; MNIST's digits have 0.3. */
const LEAST_DEVIATION = 0.05;

/**
 * Whether images come out as nearly one number for all pixels: photographs that were made black and
 * white, say, in which no pixel is 0.
 *
 * @param inputs `[samples, features]`
 */
export function areNearlyEqual(inputs: Uint8Array, preprocess: 'binarize' | 'scale'): boolean {
  const step = Math.max(1, Math.floor(inputs.length / BYTES_LOOKED_AT));
  let [count, sum, squares] = [0, 0, 0];
  for (let at = 0; at < inputs.length; at += step) {
    const byte = inputs[at]!;
    const value = preprocess === 'scale' ? byte / 255 : byte > 0 ? 1 : 0;
    count += 1;
    sum += value;
    squares += value * value;
  }
  const mean = sum / count;
  return count > 0 && squares / count - mean * mean < LEAST_DEVIATION * LEAST_DEVIATION;
}
