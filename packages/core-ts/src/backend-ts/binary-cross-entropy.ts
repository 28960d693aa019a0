import { exp } from '../math/exp.js';
import { log } from '../math/log.js';
import { sigmoid } from '../math/sigmoid.js';

const { abs, fround } = Math;

/**
 * One row of `dLogits = (sigmoid(z) − t) ÷ divisor`.
 *
 * @param divisor the whole step's rows · outputs, as a binary32 number
 * @returns the loss, the mean of the outputs' binary cross-entropies
 */
export function binaryCrossEntropyRow(
  logits: Float32Array,
  targets: Float32Array,
  start: number,
  outputs: number,
  divisor: number,
  dLogits: Float32Array,
): number {
  let sum = 0;
  for (let j = start; j < start + outputs; j += 1) {
    const logit = logits[j]!;
    const target = targets[j]!;
    const rest = log(fround(1 + exp(-abs(logit))));
    const line = fround((logit <= 0 ? 0 : logit) - fround(logit * target));
    sum = fround(sum + fround(line + rest));
    dLogits[j] = fround(fround(sigmoid(logit) - target) / divisor);
  }
  return fround(sum / outputs);
}
