import { BitgradError, show } from '../errors.js';
import { Stream } from '../random/stream.js';

/** The largest shift in pixels; 0 leaves images where they are. */
export interface Augmentation {
  readonly shift: number;
}

/**
 * @param text `none`, or `shift:N` for shifts by −N to N pixels in each direction
 * @throws BitgradError on any other text
 */
export function parseAugmentation(text: string): Augmentation {
  if (text === 'none') return { shift: 0 };
  const shift = Number(/^shift:(\d{1,3})$/.exec(text)?.[1]);
  if (shift >= 1) return { shift };
  throw new BitgradError(
    `augment: expected none or shift:PIXELS (as in shift:1), received ${show(text)}`,
  );
}

/**
 * Draws an epoch's shifts, for each sample in its order dx, then dy, each equally likely.
 *
 * @param shifts `[samples, 2]`, filled
 * @param epoch counted from 0
 */
export function drawShifts(
  shifts: Int32Array,
  augmentation: Augmentation,
  seed: number,
  epoch: number,
): void {
  const stream = new Stream(seed, 'augment', epoch);
  const choices = 2 * augmentation.shift + 1;
  for (let i = 0; i < shifts.length; i += 1) shifts[i] = stream.below(choices) - augmentation.shift;
}
