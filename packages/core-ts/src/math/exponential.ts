/**
 * What exp and tanh share: the powers of two and the polynomial for the rest.
 *
 * The method is the usual one: write x as n·ln 2 + r with an integer n and |r| ≤ ln(2)/2, so that
 * e^x = 2^n · e^r, and compute e^r by a polynomial. The coefficients come from the Remez algorithm
 * (tools/prove/coefficients.py). core-native/src/elementary.h does the same operations in the same order.
 */

/** Adding and subtracting 1.5 · 2^52 rounds a small number to the nearest integer. */
const ROUNDER = 6755399441055744;

// biome-ignore lint/suspicious/noApproximativeNumericConstant: Math.LOG2E is the engine's choice, this is ours.
const LOG2_E = 1.4426950408889634;

/** ln 2 in two parts. The high one has 42 bits, so that n · LN2_HIGH is exact for |n| < 2^11. */
const LN2_HIGH = 0.6931471805598903;
const LN2_LOW = 5.497923018708371e-14;

/** Returns the integer n nearest to x ÷ ln 2. */
export function nearestPower(x: number): number {
  return x * LOG2_E + ROUNDER - ROUNDER;
}

/** Returns e^(x − n·ln 2) − 1 for the n of {@link nearestPower}, to about 2^-54. */
export function remainder(x: number, n: number): number {
  const r = x - n * LN2_HIGH - n * LN2_LOW;
  const r2 = r * r;
  const r4 = r2 * r2;
  const low =
    0.5 + r * 0.16666666666666685 + r2 * (0.041666666666602896 + r * 0.008333333333313988);
  const high =
    0.0013888888927222262 +
    r * 0.0001984126990477242 +
    r2 * (2.4801508156661086e-5 + r * 2.7557226204504805e-6);
  const top = 2.762539149450866e-7 + r * 2.5115055891695166e-8;
  const sum = low + r4 * (high + r4 * top);
  return r + r2 * sum;
}

const SMALLEST_POWER = -160;
const POWERS = new Float64Array(320);
for (let i = 0; i < POWERS.length; i++) {
  // Multiplying by 2 or by 1/2 is exact, so the table has no rounding in it.
  let power = 1;
  for (let n = i + SMALLEST_POWER; n > 0; n--) power *= 2;
  for (let n = i + SMALLEST_POWER; n < 0; n++) power *= 0.5;
  POWERS[i] = power;
}

/** Returns 2^n for an integer n from −160 to 159, from a table; a NaN counts as 0. */
export function powerOfTwo(n: number): number {
  return POWERS[(n | 0) - SMALLEST_POWER]!;
}
