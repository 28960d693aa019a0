import { BitgradError, show } from '../errors.js';
import { Stream } from '../random/stream.js';

/** How training moves images. */
export interface Augmentation {
  readonly kind: 'none' | 'shift' | 'affine';
  /** The largest shift in pixels. */
  readonly shift: number;
}

/**
 * @param text `none`, `shift:N` for shifts by −N to N pixels in each direction, or `affine` for
 *   small rotations, scalings, shears and shifts
 * @throws BitgradError on any other text
 */
export function parseAugmentation(text: string): Augmentation {
  if (text === 'none' || text === 'affine') return { kind: text, shift: 0 };
  const shift = Number(/^shift:(\d{1,3})$/.exec(text)?.[1]);
  if (shift >= 1) return { kind: 'shift', shift };
  throw new BitgradError(
    `augment: expected none, affine or shift:PIXELS (as in shift:1), received ${show(text)}`,
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

/** Q16.16: 16 bits after the point. */
const ONE = 0x10000;
/** The largest turn and shear (about 10°), scaling (12 %) and shift (1.5 pixels). */
const LARGEST_SHEAR = Math.floor(0.18 * ONE);
const LARGEST_SCALING = Math.floor(0.12 * ONE);
const LARGEST_SHIFT = Math.floor(1.5 * ONE);

/**
 * Draws an epoch's affine maps, in integers. For each sample in its order six bounded integers:
 * the horizontal and vertical scaling, the horizontal and vertical shear (a turn is the two with
 * opposite signs), the shifts. The map goes about the image's centre.
 *
 * @param maps `[samples, 6]` in Q16.16, filled; see `GatherAffine`
 * @param epoch counted from 0
 */
export function drawMaps(
  maps: Int32Array,
  image: { readonly height: number; readonly width: number },
  seed: number,
  epoch: number,
): void {
  const stream = new Stream(seed, 'augment', epoch);
  const within = (largest: number): number => stream.below(2 * largest + 1) - largest;
  const [centreX, centreY] = [image.width - 1, image.height - 1];
  for (let at = 0; at < maps.length; at += 6) {
    const xx = ONE + within(LARGEST_SCALING);
    const yy = ONE + within(LARGEST_SCALING);
    const xy = within(LARGEST_SHEAR);
    const yx = within(LARGEST_SHEAR);
    // The centre is half a pixel's multiple: (ONE − xx)·centre ÷ 2 in integers, rounded down.
    const toX = Math.floor(((ONE - xx) * centreX - xy * centreY) / 2) + within(LARGEST_SHIFT);
    const toY = Math.floor(((ONE - yy) * centreY - yx * centreX) / 2) + within(LARGEST_SHIFT);
    maps.set([xx, xy, toX, yx, yy, toY], at);
  }
}
