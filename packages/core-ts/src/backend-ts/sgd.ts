import { collect, multiplyRow, type SparseRow } from './gemm.js';

const { fround } = Math;

/** `parameter[i] −= rate · (gradient[i] + l2 · parameter[i])`; with l2 0 there is no second term. */
export function sgd(
  parameter: Float32Array,
  gradient: Float32Array,
  length: number,
  rate: number,
  l2: number,
): void {
  for (let i = 0; i < length; i += 1) {
    const value = parameter[i]!;
    const slope = l2 === 0 ? gradient[i]! : fround(gradient[i]! + fround(l2 * value));
    parameter[i] = fround(value - fround(rate * slope));
  }
}

/** What `sgdFromProduct` needs beside its operands; made once. */
export interface UpdateScratch {
  /** Holds the non-zero elements of one column of the input, or of the only row. */
  line: SparseRow;
  /** `[out]`. */
  gradient: Float32Array;
}

/**
 * A dense layer's weight gradient and its plain SGD update in one pass over the weights:
 * `dWeight = inputᵀ · dOutput`, `weight −= rate · dWeight`, without storing dWeight. An input
 * that is 0 in every row has a gradient of +0, and its weights stay as they are (contract, rule 3).
 */
export function sgdFromProduct(
  weight: Float32Array,
  input: Float32Array,
  dOutput: Float32Array,
  rows: number,
  inWidth: number,
  outWidth: number,
  rate: number,
  { line, gradient }: UpdateScratch,
): void {
  if (rows === 1) {
    collect(input, 0, 1, inWidth, outWidth, line);
    sgdFromRow(weight, line, dOutput, outWidth, rate, gradient);
    return;
  }
  for (let i = 0, at = 0; i < inWidth; i += 1, at += outWidth) {
    collect(input, i, inWidth, rows, outWidth, line);
    if (line.count === 0) continue;
    multiplyRow(line, dOutput, 1, outWidth, gradient, 0);
    for (let j = 0; j < outWidth; j += 1) {
      weight[at + j] = fround(weight[at + j]! - fround(rate * gradient[j]!));
    }
  }
}

/**
 * The same where the input is one row, which `line` lists: a gradient is then one product, which the
 * sum from +0 keeps from being −0.
 */
export function sgdFromRow(
  weight: Float32Array,
  line: SparseRow,
  dOutput: Float32Array,
  width: number,
  rate: number,
  change: Float32Array,
): void {
  if (line.allOnes) {
    for (let j = 0; j < width; j += 1) change[j] = rate * (0 + dOutput[j]!);
    subtractFromRows(weight, line, change, width);
    return;
  }
  const { offsets, values, count } = line;
  for (let t = 0; t < count; t += 1) {
    const value = values[t]!;
    for (let j = 0, at = offsets[t]!; j < width; j += 1, at += 1) {
      const gradient = 0 + fround(value * dOutput[j]!);
      weight[at] = weight[at]! - fround(rate * gradient);
    }
  }
}

/** Subtracts one row of changes from each row of `weight` that `line` lists. */
function subtractFromRows(
  weight: Float32Array,
  { offsets, count }: SparseRow,
  change: Float32Array,
  width: number,
): void {
  let j = 0;
  for (; j + 8 <= width; j += 8) {
    const change0 = change[j]!;
    const change1 = change[j + 1]!;
    const change2 = change[j + 2]!;
    const change3 = change[j + 3]!;
    const change4 = change[j + 4]!;
    const change5 = change[j + 5]!;
    const change6 = change[j + 6]!;
    const change7 = change[j + 7]!;
    for (let t = 0; t < count; t += 1) {
      const at = offsets[t]! + j;
      weight[at] = weight[at]! - change0;
      weight[at + 1] = weight[at + 1]! - change1;
      weight[at + 2] = weight[at + 2]! - change2;
      weight[at + 3] = weight[at + 3]! - change3;
      weight[at + 4] = weight[at + 4]! - change4;
      weight[at + 5] = weight[at + 5]! - change5;
      weight[at + 6] = weight[at + 6]! - change6;
      weight[at + 7] = weight[at + 7]! - change7;
    }
  }
  for (; j < width; j += 1) {
    for (let t = 0; t < count; t += 1) {
      const at = offsets[t]! + j;
      weight[at] = weight[at]! - change[j]!;
    }
  }
}
