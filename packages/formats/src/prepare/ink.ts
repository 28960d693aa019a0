import { type GreyImage, roundedQuotient } from './grey-image.js';
import { histogramOf, otsuThreshold, quantile } from './histogram.js';
import { brightGround, localDifferences } from './local.js';
import { digitOnly } from './parts.js';

/** How far ink must stand out from the ground's noise; less is paper. */
const LEAST_CONTRAST = 16;
/** The share of pixels that may stand out more than the ink does. */
const OUTLIERS = 1 / 1000;
/** A skewness (of 1 at most) that says by itself which of two colours is the ink. */
const CLEAR_SKEWNESS = 0.25;

/**
 * Finds the ink: the picture with its ink bright, up to 255, on a ground of exactly 0, whatever the
 * ground's colour, light and noise were. Null where there is none.
 */
export function inkOf(image: GreyImage): GreyImage | null {
  const [likely, unlikely] = isGroundBright(image)
    ? [image, inverted(image)]
    : [inverted(image), image];
  return darkInkOf(likely) ?? darkInkOf(unlikely);
}

function darkInkOf(image: GreyImage): GreyImage | null {
  const ground = brightGround(image);
  const contrast = ground.map((value, at) => value - image.pixels[at]!);
  const counts = histogramOf(contrast);
  const floor = noiseFloor(counts);
  const peak = quantile(counts, 1 - OUTLIERS);
  if (peak - floor < LEAST_CONTRAST) return null;
  const isInk = digitOnly({ ...image, pixels: contrast }, (floor + peak) >> 1);
  const pixels = contrast.map((value, at) =>
    isInk[at] === 0 || value <= floor
      ? 0
      : Math.min(255, roundedQuotient(255 * (value - floor), peak - floor)),
  );
  return pixels.some((value) => value > 0) ? { ...image, pixels } : null;
}

function inverted(image: GreyImage): GreyImage {
  return { ...image, pixels: image.pixels.map((value) => 255 - value) };
}

/**
 * Whether the ink is darker than the ground. Ink covers less than the ground, so that pixels differ
 * from their surroundings seldom and much to its side; where that is not clear, as in a picture that
 * the digit fills, the picture's border is taken for ground.
 */
function isGroundBright(image: GreyImage): boolean {
  let [sum, absolute] = [0, 0];
  for (const difference of localDifferences(image)) {
    const cube = difference * difference * difference;
    sum += cube;
    absolute += Math.abs(cube);
  }
  if (Math.abs(sum) >= CLEAR_SKEWNESS * absolute && sum !== 0) return sum < 0;
  return quantile(histogramOf(borderOf(image)), 0.5) >= otsuThreshold(histogramOf(image.pixels));
}

function borderOf({ width, height, pixels }: GreyImage): Uint8Array {
  return pixels.filter((_, at) => {
    const [x, y] = [at % width, Math.floor(at / width)];
    return x === 0 || y === 0 || x === width - 1 || y === height - 1;
  });
}

/**
 * The contrast up to which a pixel of the ground may come, told from the quarter of all pixels that
 * have the least: were they normal noise, nearly none would come so far. Without noise that is 0.
 */
function noiseFloor(counts: Uint32Array): number {
  const quarter = quantile(counts, 0.25);
  return quarter + 5 * (quarter - quantile(counts, 0.05));
}
