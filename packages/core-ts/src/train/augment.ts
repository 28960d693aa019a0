import { BitgradError, show } from '../errors.js';
import { Stream } from '../random/stream.js';

/** How training moves images. */
export interface Augmentation {
  /** `shifts` are whole pixels; `maps` are affine maps, which flips are too. */
  readonly kind: 'none' | 'shifts' | 'maps';
  /** The largest shift in pixels. */
  readonly shift: number;
  /** Whether images are turned, scaled and sheared a little. */
  readonly isAffine: boolean;
  /** Whether every other image, by chance, is mirrored from left to right. */
  readonly flips: boolean;
}

/**
 * @param text `none`, or some of `shift:N` for shifts by −N to N pixels in each direction, `affine` for
 *   small rotations, scalings, shears and shifts, and `flip` for mirroring from left to right, joined by
 *   `+`, as in `flip+shift:4`; `shift` and `affine` not both
 * @throws BitgradError on any other text
 */
export function parseAugmentation(text: string): Augmentation {
  const parts = text === 'none' ? [] : text.split('+');
  const shift = Math.max(
    0,
    ...parts.map((part) => Number(/^shift:([1-9]\d{0,2})$/.exec(part)?.[1] ?? 0)),
  );
  const isAffine = parts.includes('affine');
  const flips = parts.includes('flip');
  const known = Number(shift > 0) + Number(isAffine) + Number(flips);
  if (known !== parts.length || (shift > 0 && isAffine)) {
    throw new BitgradError(
      `augment: expected none, affine, flip or shift:PIXELS (as in shift:1 or flip+shift:4), received ${show(text)}`,
    );
  }
  const kind = isAffine || flips ? 'maps' : shift > 0 ? 'shifts' : 'none';
  return { kind, shift, isAffine, flips };
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
 * Draws an epoch's affine maps, in integers. For each sample in its order: where images flip, one bounded
 * integer below 2, 1 for a mirror image; where they shift, dx, then dy; where they are affine six bounded
 * integers: the horizontal and vertical scaling, the horizontal and vertical shear (a turn is the two with
 * opposite signs), the shifts. Those maps go about the image's centre.
 *
 * @param maps `[samples, 6]` in Q16.16, filled; see `GatherAffine`
 * @param epoch counted from 0
 */
export function drawMaps(
  maps: Int32Array,
  augmentation: Augmentation,
  image: { readonly height: number; readonly width: number },
  seed: number,
  epoch: number,
): void {
  const stream = new Stream(seed, 'augment', epoch);
  for (let at = 0; at < maps.length; at += 6) {
    const isMirrored = augmentation.flips && stream.below(2) === 1;
    const map = augmentation.isAffine
      ? drawAffine(stream, image)
      : drawShift(stream, augmentation.shift);
    maps.set(isMirrored ? mirrored(map, image.width) : map, at);
  }
}

type AffineMap = readonly [number, number, number, number, number, number];

const within = (stream: Stream, largest: number): number => stream.below(2 * largest + 1) - largest;

function drawAffine(
  stream: Stream,
  { height, width }: { readonly height: number; readonly width: number },
): AffineMap {
  const [centreX, centreY] = [width - 1, height - 1];
  const xx = ONE + within(stream, LARGEST_SCALING);
  const yy = ONE + within(stream, LARGEST_SCALING);
  const xy = within(stream, LARGEST_SHEAR);
  const yx = within(stream, LARGEST_SHEAR);
  // The centre is half a pixel's multiple: (ONE − xx)·centre ÷ 2 in integers, rounded down.
  const toX = Math.floor(((ONE - xx) * centreX - xy * centreY) / 2) + within(stream, LARGEST_SHIFT);
  const toY = Math.floor(((ONE - yy) * centreY - yx * centreX) / 2) + within(stream, LARGEST_SHIFT);
  return [xx, xy, toX, yx, yy, toY];
}

/** A whole shift to the right by dx and down by dy, of which nothing is drawn where `shift` is 0. */
function drawShift(stream: Stream, shift: number): AffineMap {
  const [dx, dy] = shift === 0 ? [0, 0] : [within(stream, shift), within(stream, shift)];
  return [ONE, 0, -dx * ONE, 0, ONE, -dy * ONE];
}

/** The map of the mirror image: x counts from the other side. */
function mirrored([xx, xy, toX, yx, yy, toY]: AffineMap, width: number): AffineMap {
  return [-xx, xy, toX + xx * (width - 1), -yx, yy, toY + yx * (width - 1)];
}
