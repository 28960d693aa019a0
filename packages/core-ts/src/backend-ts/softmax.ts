import { exp } from '../math/exp.js';
import { log } from '../math/log.js';

const { fround } = Math;

/** The lowest index at which `row` is greatest. */
export function argmaxRow(values: Float32Array, start: number, width: number): number {
  let best = 0;
  for (let j = 1; j < width; j += 1) {
    if (values[start + j]! > values[start + best]!) best = j;
  }
  return best;
}

/**
 * Writes `e_j = exp(z_j − m)` for one row.
 *
 * @returns S, the sum of e in index order
 */
function exponentials(
  logits: Float32Array,
  start: number,
  classes: number,
  largest: number,
  out: Float32Array,
  outStart: number,
): number {
  let sum = 0;
  for (let j = 0; j < classes; j += 1) {
    const value = exp(fround(logits[start + j]! - largest));
    out[outStart + j] = value;
    sum = fround(sum + value);
  }
  return sum;
}

/** One row of probabilities: `p_j = e_j ÷ S`. */
export function softmaxRow(
  logits: Float32Array,
  start: number,
  classes: number,
  out: Float32Array,
  outStart: number,
): void {
  const largest = logits[start + argmaxRow(logits, start, classes)]!;
  const sum = exponentials(logits, start, classes, largest, out, outStart);
  for (let j = 0; j < classes; j += 1) out[outStart + j] = fround(out[outStart + j]! / sum);
}

/**
 * One row of `dLogits = (p − t) ÷ rows`.
 *
 * @param rows a binary32 number
 * @returns the loss `log(S) − (z_target − m)`
 */
export function crossEntropyRow(
  logits: Float32Array,
  start: number,
  classes: number,
  target: number,
  rows: number,
  dLogits: Float32Array,
): number {
  const largest = logits[start + argmaxRow(logits, start, classes)]!;
  const sum = exponentials(logits, start, classes, largest, dLogits, start);
  for (let j = 0; j < classes; j += 1) {
    const probability = fround(dLogits[start + j]! / sum);
    const error = j === target ? fround(probability - 1) : probability;
    dLogits[start + j] = fround(error / rows);
  }
  return fround(log(sum) - fround(logits[start + target]! - largest));
}
