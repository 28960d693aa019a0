// Statistics of measurements that were taken round by round.

/** @typedef {{ median: number, min: number, max: number }} Summary */

/**
 * @param {readonly number[]} values at least one
 * @returns {number} with an even number of values, the mean of the two in the middle
 */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = /** @type {number} */ (sorted[middle]);
  if (sorted.length % 2 === 1) return upper;
  const lower = /** @type {number} */ (sorted[middle - 1]);
  return (lower + upper) / 2;
}

/**
 * @param {readonly number[]} values at least one
 * @returns {Summary}
 */
export function summarize(values) {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) };
}

/**
 * How many times `a` is `b`, round by round: what weighs on a whole round weighs on both.
 *
 * @param {readonly number[]} a
 * @param {readonly number[]} b of the same rounds
 * @returns {Summary}
 */
export function pairedRatio(a, b) {
  if (a.length !== b.length) {
    throw new Error(`expected values of the same rounds, received ${a.length} and ${b.length}`);
  }
  return summarize(a.map((value, round) => value / /** @type {number} */ (b[round])));
}

/**
 * Whether numbers agree but for rounding: within 1e-4 of the largest of them.
 *
 * @param {readonly number[]} received
 * @param {readonly number[]} expected
 */
export function agree(received, expected) {
  const tolerance = 1e-4 * Math.max(...expected.map(Math.abs));
  return (
    received.length === expected.length &&
    received.every((value, i) => Math.abs(value - /** @type {number} */ (expected[i])) <= tolerance)
  );
}
