const { fround } = Math;

/**
 * One row of `dLogits = (2 · (z − t)) ÷ divisor`.
 *
 * @param divisor rows · outputs, as a binary32 number
 * @returns the loss, the mean of the outputs' squared errors
 */
export function squaredErrorRow(
  logits: Float32Array,
  targets: Float32Array,
  start: number,
  outputs: number,
  divisor: number,
  dLogits: Float32Array,
): number {
  let sum = 0;
  for (let j = start; j < start + outputs; j += 1) {
    const error = fround(logits[j]! - targets[j]!);
    sum = fround(sum + fround(error * error));
    dLogits[j] = fround(fround(2 * error) / divisor);
  }
  return fround(sum / outputs);
}

/**
 * `dLogits[r, j] *= weights[targets[r]]`.
 *
 * @returns false at a target of `classes` or more
 */
export function weighClasses(
  dLogits: Float32Array,
  targets: Uint32Array,
  weights: Float32Array,
  rows: number,
  classes: number,
): boolean {
  for (let row = 0, at = 0; row < rows; row += 1) {
    const target = targets[row]!;
    if (target >= classes) return false;
    const weight = weights[target]!;
    for (let j = 0; j < classes; j += 1, at += 1) dLogits[at] = fround(dLogits[at]! * weight);
  }
  return true;
}
