import { type Box, type GreyImage, inkBox, roundedQuotient } from './grey-image.js';
import { inkOf } from './ink.js';
import { resample } from './resample.js';

/** Larger pictures are looked at in this size, which takes away noise. */
const FIRST_SIDE = 128;
/** The same for the second look: the digit is about half of it, more than it will be in the end. */
const SECOND_SIDE = 96;

/**
 * Finds the ink of a picture of any size in two looks: one at all of it, to see where the digit is,
 * then one at the digit and its surroundings, which are likely to have one light and one ground.
 *
 * @returns bright ink on a ground of 0, of the part that holds it; null where there is none
 */
export function findInk(image: GreyImage): GreyImage | null {
  const { width, height } = image;
  const whole = { left: 0, top: 0, width, height };
  const small = reduced(image, whole, FIRST_SIDE);
  const found = inkOf(small);
  const box = found && inkBox(found);
  if (!box) return null;
  const around = surroundings(box, small, image);
  return inkOf(reduced(image, around, SECOND_SIDE)) ?? found;
}

/** A box of the smaller picture, half as large again on each side, in the larger one. */
function surroundings(box: Box, small: GreyImage, large: GreyImage): Box {
  const margin = Math.ceil(Math.max(box.width, box.height) / 2);
  const left = Math.floor((Math.max(0, box.left - margin) * large.width) / small.width);
  const top = Math.floor((Math.max(0, box.top - margin) * large.height) / small.height);
  const right = Math.min(small.width, box.left + box.width + margin);
  const bottom = Math.min(small.height, box.top + box.height + margin);
  return {
    left,
    top,
    width: Math.ceil((right * large.width) / small.width) - left,
    height: Math.ceil((bottom * large.height) / small.height) - top,
  };
}

function reduced(image: GreyImage, box: Box, largest: number): GreyImage {
  const longer = Math.max(box.width, box.height);
  const scaled = (side: number): number =>
    longer <= largest ? side : Math.max(1, roundedQuotient(side * largest, longer));
  return resample(image, box, scaled(box.width), scaled(box.height));
}
