/** Powers of ten that binary64 holds exactly. */
const POWERS = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));
/** Integers of so many digits are exact in binary64. */
const MOST_DIGITS = 15;
const MOST_EXPONENT = 22;

const SPACE = 32;
const TAB = 9;
const PLUS = 43;
const MINUS = 45;
const POINT = 46;
const ZERO = 48;
/** `E` and `e` differ in this bit. */
const LOWER = 32;
const LETTER_E = 101;

/**
 * The number that bytes from `start` to `end` spell in decimal notation, with white space around it:
 * the same as `Number` gives. NaN where they spell none, and where telling takes more than one
 * rounding: an integer of at most 15 digits and a power of ten up to 22 are exact, so their product
 * or quotient is the number, rounded once (Clinger 1990).
 */
export function numberInBytes(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  let last = end;
  while (at < last && isBlank(bytes[at]!)) at += 1;
  while (last > at && isBlank(bytes[last - 1]!)) last -= 1;
  const isNegative = bytes[at] === MINUS;
  if (at < last && (isNegative || bytes[at] === PLUS)) at += 1;
  let integer = 0;
  const first = at;
  let digit = 0;
  for (; at < last; at += 1) {
    digit = bytes[at]! - ZERO;
    if (digit < 0 || digit > 9) break;
    integer = integer * 10 + digit;
  }
  let digits = at - first;
  let exponent = 0;
  if (at < last && bytes[at] === POINT) {
    const point = at;
    for (at += 1; at < last; at += 1) {
      digit = bytes[at]! - ZERO;
      if (digit < 0 || digit > 9) break;
      integer = integer * 10 + digit;
    }
    exponent = point + 1 - at;
    digits -= exponent;
  }
  if (digits === 0 || digits > MOST_DIGITS) return Number.NaN;
  if (at < last && (bytes[at]! | LOWER) === LETTER_E) {
    const isBelow = bytes[at + 1] === MINUS;
    at += isBelow || bytes[at + 1] === PLUS ? 2 : 1;
    const before = at;
    let written = 0;
    for (; at < last && at - before < 4; at += 1) {
      digit = bytes[at]! - ZERO;
      if (digit < 0 || digit > 9) break;
      written = written * 10 + digit;
    }
    if (at === before) return Number.NaN;
    exponent += isBelow ? -written : written;
  }
  if (at !== last || exponent > MOST_EXPONENT || exponent < -MOST_EXPONENT) return Number.NaN;
  const value = exponent < 0 ? integer / POWERS[-exponent]! : integer * POWERS[exponent]!;
  return isNegative ? -value : value;
}

function isBlank(byte: number): boolean {
  return byte === SPACE || byte === TAB;
}
