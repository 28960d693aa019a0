/**
 * Round numbers for an axis: multiples of 1, 2 or 5 times a power of ten.
 *
 * @param most how many at most, at least 2
 * @returns numbers of which the first is not above `low` and the last not below `high`
 */
export function ticksFor(low: number, high: number, most: number): number[] {
  const span = high > low ? high - low : Math.abs(low) || 1;
  let step = 10 ** Math.floor(Math.log10(span / most));
  for (const factor of [2, 2.5, 2, 2, 2.5]) {
    if (countOf(low, high, step) <= most) break;
    step *= factor;
  }
  const first = Math.floor(low / step);
  // Products of whole numbers and not sums, so that 0.3 does not become 0.30000000000000004.
  return Array.from({ length: countOf(low, high, step) }, (_, index) =>
    Number(((first + index) * step).toPrecision(12)),
  );
}

function countOf(low: number, high: number, step: number): number {
  return Math.max(2, Math.ceil(high / step) - Math.floor(low / step) + 1);
}
