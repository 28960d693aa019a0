export const TILE_SIDE = 28;
const BRUSH_RADIUS = 1.6;

/** A tile with a round dab on it: weights near the place become `value`, fading at the dab's edge. */
export function paintedTile(
  values: Float32Array,
  x: number,
  y: number,
  value: number,
): Float32Array {
  const painted = values.slice();
  for (let row = 0; row < TILE_SIDE; row += 1) {
    for (let column = 0; column < TILE_SIDE; column += 1) {
      const distance = Math.hypot(column + 0.5 - x, row + 0.5 - y);
      const share = Math.min(1, Math.max(0, BRUSH_RADIUS + 0.5 - distance));
      const at = row * TILE_SIDE + column;
      if (share > 0) painted[at] = share * value + (1 - share) * painted[at]!;
    }
  }
  return painted;
}
