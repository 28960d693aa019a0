/** Coordinates have 16 bits after the point, weights between pixels 8. */
const ONE = 0x10000;
const WEIGHT = 0x100;

/**
 * Writes one image `[height, width, channels]` through an affine map, in integers but for the last step; see
 * `GatherAffine` in ops.ts.
 *
 * @param maps holds the map's six numbers from `map` on
 */
export function prepareAffine(
  samples: Uint8Array,
  from: number,
  height: number,
  width: number,
  channels: number,
  maps: Int32Array,
  map: number,
  table: Float32Array,
  out: Float32Array,
  start: number,
): void {
  const pixel = (column: number, row: number, channel: number): number =>
    column >= 0 && column < width && row >= 0 && row < height
      ? samples[from + (row * width + column) * channels + channel]!
      : 0;
  for (let y = 0, at = start; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const u = maps[map]! * x + maps[map + 1]! * y + maps[map + 2]!;
      const v = maps[map + 3]! * x + maps[map + 4]! * y + maps[map + 5]!;
      const column = Math.floor(u / ONE);
      const row = Math.floor(v / ONE);
      const right = Math.floor((u - column * ONE) / WEIGHT);
      const down = Math.floor((v - row * ONE) / WEIGHT);
      const left = WEIGHT - right;
      const up = WEIGHT - down;
      for (let c = 0; c < channels; c += 1, at += 1) {
        const sum =
          left * up * pixel(column, row, c) +
          right * up * pixel(column + 1, row, c) +
          left * down * pixel(column, row + 1, c) +
          right * down * pixel(column + 1, row + 1, c);
        out[at] = table[(sum + ONE / 2) >> 16]!;
      }
    }
  }
}
