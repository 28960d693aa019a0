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
  column: SparseRow,
  gradient: Float32Array,
): void {
  for (let i = 0, at = 0; i < inWidth; i += 1, at += outWidth) {
    collect(input, i, inWidth, rows, outWidth, column);
    if (column.count === 0) continue;
    multiplyRow(column, dOutput, 1, outWidth, gradient, 0);
    for (let j = 0; j < outWidth; j += 1) {
      weight[at + j] = fround(weight[at + j]! - fround(rate * gradient[j]!));
    }
  }
}
