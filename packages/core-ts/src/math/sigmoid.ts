import { exp } from './exp.js';

/**
 * Returns 1 ÷ (1 + e^−x) in binary32 operations: e^−x is correctly rounded, and so are the sum and the
 * quotient. For very negative x the exponential is infinite and the result is +0.
 */
export function sigmoid(x: number): number {
  return Math.fround(1 / Math.fround(1 + exp(-x)));
}
