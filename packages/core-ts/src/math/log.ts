/** One number seen as binary32 and as its bits. Both views have 4-byte elements, so byte order is no matter. */
const AS_NUMBER = new Float32Array(1);
const AS_BITS = new Int32Array(AS_NUMBER.buffer);

/**
 * ln 2 in two parts. Every pair near ln 2 is about as accurate; this one was picked because with it no
 * input at all is rounded to the wrong side (tools/prove/log_constants.py).
 */
const LN2_HIGH = 0.6931471805599443;
const LN2_LOW = 1.06625e-15;

const SMALLEST_NORMAL = 1.1754943508222875e-38;
const SQUARE_ROOT_OF_HALF_BITS = 0x3f3504f3;

/**
 * Returns the natural logarithm of x, correctly rounded: the binary32 value nearest to the true one, for
 * every binary32 x. log(±0) is −infinity, and below zero the result is NaN.
 *
 * With x = 2^n · (1 + f) and s = f ÷ (2 + f) it is n·ln 2 + 2·atanh(s), where 2·atanh(s) is written as
 * f − (f²/2 − s·(f²/2 + tail)): f and f²/2 are exact, so rounding errors enter only the small terms. The
 * tail is a polynomial in s² by the Remez algorithm (tools/prove/coefficients.py). `pnpm prove` checks all
 * 2^32 inputs. core-native/src/elementary.h does the same operations in the same order.
 */
export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN;
  if (x === Infinity) return x;
  // Subnormal numbers are scaled up first, so that their exponent can be read from the bits.
  const subnormal = x < SMALLEST_NORMAL;
  AS_NUMBER[0] = subnormal ? x * 8388608 : x;
  const bits = AS_BITS[0]!;
  // The part that is no power of two runs from √½ to √2.
  const n = (bits - SQUARE_ROOT_OF_HALF_BITS) >> 23;
  AS_BITS[0] = bits - (n << 23);
  const f = AS_NUMBER[0]! - 1;
  const k = subnormal ? n - 23 : n;
  const s = f / (f + 2);
  const z = s * s;
  const z2 = z * z;
  const low =
    0.666666666666681 +
    z * 0.399999999990147 +
    z2 * (0.28571428818406286 + z * 0.22222191654055518);
  const high = 0.18183890882875517 + z * 0.15306339591478885 + z2 * 0.14867998280362538;
  const tail = z * (low + z2 * z2 * high);
  const half = 0.5 * f * f;
  return Math.fround(k * LN2_HIGH + k * LN2_LOW + (f - (half - s * (half + tail))));
}
