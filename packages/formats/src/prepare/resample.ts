import { type Box, type GreyImage, roundedQuotient } from './grey-image.js';

/**
 * Scales a box of an image: each new pixel is the mean of the area that it covers, in integers, so
 * that every engine gives the same bytes.
 */
export function resample(image: GreyImage, box: Box, width: number, height: number): GreyImage {
  const columns = coverage(box.left, box.width, width);
  const rows = coverage(box.top, box.height, height);
  const area = box.width * box.height;
  const pixels = new Uint8Array(width * height);
  for (const [y, row] of rows.entries()) {
    for (const [x, column] of columns.entries()) {
      pixels[y * width + x] = roundedQuotient(coveredSum(image, row, column), area);
    }
  }
  return { width, height, pixels };
}

function coveredSum({ width, pixels }: GreyImage, row: Coverage, column: Coverage): number {
  let sum = 0;
  for (const [i, shareY] of row.shares.entries()) {
    const start = (row.first + i) * width + column.first;
    for (const [j, shareX] of column.shares.entries()) sum += pixels[start + j]! * shareX * shareY;
  }
  return sum;
}

/** Which old pixels lie under a new one, and how much of each. */
interface Coverage {
  readonly first: number;
  readonly shares: readonly number[];
}

/**
 * Cuts `length` old pixels into `count` new ones. An old pixel is `count` long and a new one
 * `length`, so that all shares are whole numbers.
 */
function coverage(begin: number, length: number, count: number): Coverage[] {
  return Array.from({ length: count }, (_, index) => {
    const from = index * length;
    const to = from + length;
    const first = Math.floor(from / count);
    const shares = [];
    for (let at = first; at * count < to; at += 1) {
      shares.push(Math.min(to, (at + 1) * count) - Math.max(from, at * count));
    }
    return { first: begin + first, shares };
  });
}
