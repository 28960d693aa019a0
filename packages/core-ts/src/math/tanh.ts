import { nearestPower, powerOfTwo, remainder } from './exponential.js';

/**
 * Returns tanh(x), correctly rounded: the binary32 value nearest to the true one, for every binary32
 * x.
 *
 * It is t ÷ (t + 2) with t = e^(2|x|) − 1. The −1 is taken inside the power of two, so that small x lose
 * no digits. `pnpm prove` checks all 2^32 inputs.
 */
export function tanh(x: number): number {
  // tanh(10) rounds to 1.
  const doubled = 2 * Math.min(Math.abs(x), 10);
  const n = nearestPower(doubled);
  const power = powerOfTwo(n);
  const t = power - 1 + power * remainder(doubled, n);
  const y = Math.fround(t / (t + 2));
  // Zeros and NaN are their own tanh.
  return x > 0 ? y : x < 0 ? -y : x;
}
