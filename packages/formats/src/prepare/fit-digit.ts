import { type GreyImage, inkBox, roundedQuotient } from './grey-image.js';
import { resample } from './resample.js';

/** Width and height of a prepared image. */
export const PREPARED_SIZE = 28;
/** The length that the ink's longer side is scaled to. */
export const INK_SIZE = 20;
/** Scaling blurs the ink's edges wider than MNIST's are; what is fainter than this is left out. */
const FAINTEST = 16;
/** The pixel, counted from 0, that the centre of mass comes to. */
const MIDDLE = 14;

/**
 * Fits ink into an image as MNIST's authors did: scaled, its proportions kept, to 20 pixels along
 * its longer side, then put so that its centre of mass comes to the middle of 28×28 pixels (LeCun,
 * Cortes, Burges: The MNIST database of handwritten digits). The middle is pixel 14, counted from 0:
 * so it is in all of MNIST's images.
 *
 * @param ink bright ink on a ground of 0
 * @returns `[28, 28]` bytes, or null where there is no ink
 */
export function fitDigit(ink: GreyImage): Uint8Array | null {
  const box = inkBox(ink);
  if (box === null) return null;
  const longer = Math.max(box.width, box.height);
  const scaled = (side: number): number => Math.max(1, roundedQuotient(side * INK_SIZE, longer));
  const fitted = resample(ink, box, scaled(box.width), scaled(box.height));
  if (longer === INK_SIZE) return centred(fitted);
  return centred({
    ...fitted,
    pixels: fitted.pixels.map((value) => (value < FAINTEST ? 0 : value)),
  });
}

function centred({ width, height, pixels }: GreyImage): Uint8Array | null {
  let [mass, momentX, momentY] = [0, 0, 0];
  for (const [at, value] of pixels.entries()) {
    mass += value;
    // Twice the distance of the pixel's middle, which is a whole number.
    momentX += value * (2 * (at % width) + 1);
    momentY += value * (2 * Math.floor(at / width) + 1);
  }
  if (mass === 0) return null;
  const place = (moment: number, length: number): number => {
    const start = roundedQuotient((2 * MIDDLE + 1) * mass - moment, 2 * mass);
    return Math.min(PREPARED_SIZE - length, Math.max(0, start));
  };
  const [left, top] = [place(momentX, width), place(momentY, height)];
  const prepared = new Uint8Array(PREPARED_SIZE * PREPARED_SIZE);
  for (const [at, value] of pixels.entries()) {
    const [x, y] = [left + (at % width), top + Math.floor(at / width)];
    prepared[y * PREPARED_SIZE + x] = value;
  }
  return prepared;
}
