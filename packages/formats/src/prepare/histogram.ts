/** How often each byte occurs. */
export function histogramOf(pixels: Uint8Array): Uint32Array {
  const counts = new Uint32Array(256);
  for (const value of pixels) counts[value]! += 1;
  return counts;
}

/** The least value that `share` (a fraction) of the counted pixels do not exceed. */
export function quantile(counts: Uint32Array, share: number): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  let seen = 0;
  for (const [value, count] of counts.entries()) {
    seen += count;
    if (seen >= total * share && seen > 0) return value;
  }
  return 255;
}

/**
 * Otsu's threshold (1979): the value that parts the pixels into two groups, below and from it on,
 * whose means are farthest apart, weighted by the groups' sizes.
 */
export function otsuThreshold(counts: Uint32Array): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const mass = counts.reduce((sum, count, value) => sum + count * value, 0);
  let [best, bestSpread, below, massBelow] = [0, -1, 0, 0];
  for (let threshold = 1; threshold < 256; threshold += 1) {
    below += counts[threshold - 1]!;
    massBelow += counts[threshold - 1]! * (threshold - 1);
    if (below === 0 || below === total) continue;
    const difference = massBelow * total - mass * below;
    const spread = (difference * difference) / (below * (total - below));
    if (spread > bestSpread) [best, bestSpread] = [threshold, spread];
  }
  return best;
}
