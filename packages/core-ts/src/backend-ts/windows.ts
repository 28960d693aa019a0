import type { Window } from '../program/ops.js';

/**
 * Walks over the places of one window that lie inside the image, row by row.
 *
 * @param visit is given the place of the window's `(i, j)` in the image, in pixels
 */
export function visitWindow(
  window: Window,
  y: number,
  x: number,
  visit: (pixel: number, i: number, j: number) => void,
): void {
  const { height, width, kernelHeight, kernelWidth } = window;
  const top = y * window.strideVertical - window.paddingTop;
  const left = x * window.strideHorizontal - window.paddingLeft;
  for (let i = Math.max(0, -top); i < kernelHeight && top + i < height; i += 1) {
    for (let j = Math.max(0, -left); j < kernelWidth && left + j < width; j += 1) {
      visit((top + i) * width + left + j, i, j);
    }
  }
}

/** Walks over the windows of `count` images, images in order, windows row by row. */
export function visitWindows(
  { outHeight, outWidth }: Window,
  count: number,
  visit: (image: number, y: number, x: number, at: number) => void,
): void {
  for (let image = 0, at = 0; image < count; image += 1) {
    for (let y = 0; y < outHeight; y += 1) {
      for (let x = 0; x < outWidth; x += 1, at += 1) visit(image, y, x, at);
    }
  }
}
