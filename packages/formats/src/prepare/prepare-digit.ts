import { BitgradError } from '@bitgrad/core';
import { findInk } from './find-ink.js';
import { fitDigit } from './fit-digit.js';
import { greyOf } from './grey.js';
import { thicken } from './thicken.js';

const WHITE = 255;
const BLACK = 0;

/**
 * Prepares a picture of one digit for a network that learned from MNIST: grey, the ink found on
 * whatever ground and light, then fitted into 28×28 pixels (see `fitDigit`). All in integers: the same
 * picture gives the same bytes everywhere.
 *
 * @param rgba `[height, width, 4]` bytes: red, green, blue and opacity; what is transparent counts as
 *   white paper, or as black where the picture would be empty on white
 * @returns `[28, 28]` bytes, the ink bright
 * @throws BitgradError if the picture is blank, or the sizes do not fit
 */
export function prepareDigit(
  rgba: Uint8Array | Uint8ClampedArray,
  width: number,
  height: number,
): Uint8Array {
  const ink =
    findInk(greyOf(rgba, width, height, WHITE)) ?? findInk(greyOf(rgba, width, height, BLACK));
  const prepared = ink && fitDigit(thicken(ink));
  if (prepared) return prepared;
  throw new BitgradError(
    `picture: expected a digit, received ${width}×${height} pixels that are blank`,
    'use a picture with more contrast, cut to the digit',
  );
}
