import { nearestPower, powerOfTwo, remainder } from './exponential.js';

/**
 * Returns e^x, correctly rounded: the binary32 value nearest to the true one, for every binary32 x.
 *
 * The binary64 value before the last rounding is within about one unit in its last place of the true
 * one. `pnpm prove` checks that this is enough, for all 2^32 inputs.
 */
export function exp(x: number): number {
  // e^89 overflows and e^−104 rounds to zero. A NaN stays one.
  const clamped = Math.min(Math.max(x, -104), 89);
  const n = nearestPower(clamped);
  return Math.fround(powerOfTwo(n) * (1 + remainder(clamped, n)));
}
