import { type GreyImage, inkBox, roundedQuotient } from './grey-image.js';
import { widened } from './local.js';

/** The ink's longer side divided by the width of its strokes: MNIST's pens are seldom thinner. */
const THINNEST = 9;
const HALF = 128;

/**
 * Makes thin strokes as wide as MNIST's thinner pens made them; scaled down, a ballpoint's line would
 * be fainter than anything a network has seen. Other strokes stay as they are.
 */
export function thicken(ink: GreyImage): GreyImage {
  const box = inkBox(ink);
  if (box === null) return ink;
  const { area, edge } = measureStrokes(ink);
  // A stroke of a given width has two edge pixels for each row of that many pixels.
  const longer = Math.max(box.width, box.height);
  const reach = roundedQuotient(longer * edge - 2 * THINNEST * area, 2 * THINNEST * edge);
  return edge > 0 && reach > 0 ? widened(ink, reach) : ink;
}

/** The number of pixels that are ink, and of those among them that border on the ground. */
function measureStrokes({ width, height, pixels }: GreyImage): { area: number; edge: number } {
  const isInk = (x: number, y: number): boolean =>
    x >= 0 && y >= 0 && x < width && y < height && pixels[y * width + x]! >= HALF;
  let [area, edge] = [0, 0];
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      if (!isInk(x, y)) continue;
      area += 1;
      if (!(isInk(x - 1, y) && isInk(x + 1, y) && isInk(x, y - 1) && isInk(x, y + 1))) edge += 1;
    }
  }
  return { area, edge };
}
