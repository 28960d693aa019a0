import { type Figure, placed } from './markup.js';
import { drawPicture } from './picture.js';
import type { Filters } from './read-filters.js';

const WIDTH = 896;
const KERNEL_SIZE = 48;
const MAP_SIZE = 60;
const GAP = 8;

export const FILTERS_WORDS =
  'What each filter looks for: bright where it wants ink or light, dark where it wants none.';
export const MAPS_WORDS = 'A sample, and where in it the filters find what they look for.';

/** The filters of the first layer, side by side. */
export function kernelsFigure({ kernels }: Filters): Figure {
  const tile = KERNEL_SIZE + GAP;
  const perRow = Math.floor((WIDTH + GAP) / tile);
  const body = kernels.map((kernel, index) =>
    placed(
      drawPicture(kernel, KERNEL_SIZE),
      (index % perRow) * tile,
      Math.floor(index / perRow) * tile,
    ),
  );
  return {
    width: Math.min(perRow, kernels.length) * tile - GAP,
    height: Math.ceil(kernels.length / perRow) * tile - GAP,
    title: `The ${kernels.length} filters of the first layer`,
    body: body.join(''),
  };
}

/** A row for each sample: its image, then its feature maps. */
export function mapsFigure({ examples }: Filters): Figure {
  const tile = MAP_SIZE + GAP;
  const body = examples.map(({ image, maps }, row) =>
    placed(
      [image, ...maps]
        .map((picture, column) => placed(drawPicture(picture, MAP_SIZE), column * tile, 0))
        .join(''),
      0,
      row * tile,
    ),
  );
  const columns = 1 + Math.max(0, ...examples.map(({ maps }) => maps.length));
  return {
    width: columns * tile - GAP,
    height: examples.length * tile - GAP,
    title: 'Feature maps of the first layer',
    body: body.join(''),
  };
}
