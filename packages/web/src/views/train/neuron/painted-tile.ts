import type { UnitMap } from '../../../parts/maps.js';

/** In pixels of an image of 28. */
const BRUSH_RADIUS = 1.6;
const FULL_SIDE = 28;

/**
 * A tile with a round dab on it: weights near the place become `value`, fading at the dab's edge. On a
 * small tile, as a filter has, the dab is one weight.
 */
export function paintedTile(tile: UnitMap, x: number, y: number, value: number): Float32Array {
  const { values, height, width } = tile;
  const painted = values.slice();
  if (width < FULL_SIDE / 2) {
    const [column, row] = [Math.floor(x), Math.floor(y)];
    if (column >= 0 && column < width && row >= 0 && row < height)
      painted[row * width + column] = value;
    return painted;
  }
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      const distance = Math.hypot(column + 0.5 - x, row + 0.5 - y);
      const share = Math.min(1, Math.max(0, BRUSH_RADIUS + 0.5 - distance));
      const at = row * width + column;
      if (share > 0) painted[at] = share * value + (1 - share) * painted[at]!;
    }
  }
  return painted;
}
