import type { UnitMap } from '../../../parts/maps.js';
import type { ViewWindow } from '../../../worker/protocol.js';

/** Where a filter is over the image for one place of its map, as a style of a box over it. */
export function fieldAt(window: ViewWindow, column: number, row: number) {
  const { height, width, kernelHeight, kernelWidth } = window;
  const left = column * window.strideHorizontal - window.paddingLeft;
  const top = row * window.strideVertical - window.paddingTop;
  return {
    left: `${(100 * left) / width}%`,
    top: `${(100 * top) / height}%`,
    width: `${(100 * kernelWidth) / width}%`,
    height: `${(100 * kernelHeight) / height}%`,
  };
}

/** The place of the map whose filter's middle is nearest to a point of the image, in pixels. */
export function placeUnder(window: ViewWindow, x: number, y: number): readonly [number, number] {
  const nearest = (at: number, before: number, kernel: number, stride: number, places: number) =>
    Math.min(places - 1, Math.max(0, Math.round((at + before - kernel / 2) / stride)));
  return [
    nearest(x, window.paddingLeft, window.kernelWidth, window.strideHorizontal, window.outWidth),
    nearest(y, window.paddingTop, window.kernelHeight, window.strideVertical, window.outHeight),
  ];
}

/** Each pixel under the filter times its weight; outside of the image there is none. */
export function productsAt(
  input: UnitMap,
  kernel: UnitMap,
  window: ViewWindow,
  column: number,
  row: number,
): Float32Array {
  const left = column * window.strideHorizontal - window.paddingLeft;
  const top = row * window.strideVertical - window.paddingTop;
  return kernel.values.map((weight, at) => {
    const x = left + (at % kernel.width);
    const y = top + Math.floor(at / kernel.width);
    const isInside = x >= 0 && y >= 0 && x < input.width && y < input.height;
    return isInside ? weight * input.values[y * input.width + x]! : 0;
  });
}
