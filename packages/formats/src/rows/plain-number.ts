const MINUS = 45;
const POINT = 46;
const ZERO = 48;
/** Integers of so many digits are exact in binary64, and so are the powers of ten up to there. */
const MOST_DIGITS = 15;
const POWERS = Float64Array.from({ length: MOST_DIGITS + 1 }, (_, power) => Number(`1e${power}`));
/** Smaller numbers are written with an exponent. */
const SMALLEST = 1e-6;

/** Where the number that was read last ended. */
export const plainPlace = { end: 0 };

/**
 * The number that begins at `start` and goes up to the delimiter or `end`, if `String` writes it just so
 * (`-12.5`, but not `12.50`, `+1` or `1e5`) with at most 15 digits; else NaN. A quotient of two exact numbers is
 * rounded once (Clinger 1990).
 */
export function plainNumberAt(
  bytes: Uint8Array,
  start: number,
  end: number,
  delimiter: number,
): number {
  const isNegative = bytes[start] === MINUS;
  const first = isNegative ? start + 1 : start;
  let at = first;
  let integer = 0;
  let digit = 0;
  for (; at < end; at += 1) {
    digit = bytes[at]! - ZERO;
    if (digit < 0 || digit > 9) break;
    integer = integer * 10 + digit;
  }
  let digits = at - first;
  if (digits === 0 || (digits > 1 && bytes[first] === ZERO)) return Number.NaN;
  let fraction = 0;
  if (at < end && bytes[at] === POINT) {
    const point = at;
    for (at += 1; at < end; at += 1) {
      digit = bytes[at]! - ZERO;
      if (digit < 0 || digit > 9) break;
      integer = integer * 10 + digit;
    }
    fraction = at - point - 1;
    if (fraction === 0 || bytes[at - 1] === ZERO) return Number.NaN;
    digits += fraction;
  }
  if (digits > MOST_DIGITS || (at < end && bytes[at] !== delimiter)) return Number.NaN;
  const value = integer / POWERS[fraction]!;
  if (value < SMALLEST && (value > 0 || isNegative)) return Number.NaN;
  plainPlace.end = at;
  return isNegative ? -value : value;
}
