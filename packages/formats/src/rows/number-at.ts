const MOST_EXPONENT = 44;
/** Powers of ten: up to 10²² exactly, and what then is left of them. Both together hold 10⁴⁴. */
const POWERS = Float64Array.from({ length: MOST_EXPONENT + 1 }, (_, exponent) =>
  Number(10n ** BigInt(exponent)),
);
const RESTS = POWERS.map((power, exponent) => Number(10n ** BigInt(exponent) - BigInt(power)));
const EXACT_POWERS = 22;
/** Integers of so many digits are exact in binary64. */
const EXACT_DIGITS = 15;
/** More digits that are read at most. */
const MORE_DIGITS = 8;

const PLUS = 43;
const MINUS = 45;
const POINT = 46;
const ZERO = 48;
/** `E` and `e` differ in this bit. */
const LOWER = 32;
const LETTER_E = 101;

/** Where the number that was read last ended, and its decimal point stood: -1 if it had none. */
export const place = { end: 0, point: -1 };

/**
 * The number in decimal notation that begins at `start`, before `end`, as far as its characters go:
 * the same as `Number` gives. `place` says where it ended. NaN where there is none, and where telling
 * takes more than some 20 digits, or a power of ten above 22 or below -44. Made for many digits:
 * `numberInBytes` is faster where they are few.
 */
export function numberAt(bytes: DataView, start: number, end: number): number {
  const sign = start < end ? bytes.getUint8(start) : 0;
  // 1 where there is one, 0 else, found without a branch: as many numbers have one as have none.
  const minus = ((sign ^ MINUS) - 1) >>> 31;
  const first = start + (minus | (((sign ^ PLUS) - 1) >>> 31));
  let at = first;
  let point = -1;
  let high = 0;
  let digits = 0;
  let low = 0;
  let lowDigits = 0;
  for (;;) {
    for (; at + 4 <= end; at += 4) {
      const four = fourDigits(bytes.getInt32(at, true));
      if (four < 0) break;
      if (digits + 4 <= EXACT_DIGITS) {
        high = high * 10_000 + four;
        if (high > 0) digits += 4;
      } else {
        low = low * 10_000 + four;
        lowDigits += 4;
      }
    }
    for (; at < end; at += 1) {
      const digit = bytes.getUint8(at) - ZERO;
      if (digit < 0 || digit > 9) break;
      if (digits < EXACT_DIGITS && lowDigits === 0) {
        high = high * 10 + digit;
        if (high > 0) digits += 1;
      } else {
        low = low * 10 + digit;
        lowDigits += 1;
      }
    }
    if (point >= 0 || at === end || bytes.getUint8(at) !== POINT) break;
    point = at;
    at += 1;
  }
  const isEmpty = at - first === (point < 0 ? 0 : 1);
  let exponent = point < 0 ? 0 : point + 1 - at;
  if (at < end && (bytes.getUint8(at) | LOWER) === LETTER_E) {
    at += 1;
    const powerSign = at < end ? bytes.getUint8(at) : ZERO;
    if (powerSign === MINUS || powerSign === PLUS) at += 1;
    const from = at;
    let power = 0;
    for (; at < end && at - from < 4; at += 1) {
      const digit = bytes.getUint8(at) - ZERO;
      if (digit < 0 || digit > 9) break;
      power = power * 10 + digit;
    }
    exponent = at === from ? Number.NaN : exponent + (powerSign === MINUS ? -power : power);
  }
  place.end = at;
  place.point = point;
  if (isEmpty || !(exponent >= -MOST_EXPONENT) || lowDigits > MORE_DIGITS) return Number.NaN;
  const isShort = lowDigits === 0 && exponent >= -EXACT_POWERS;
  const value = isShort ? scaled(high, exponent) : quotient(high, low, lowDigits, -exponent);
  return (1 - 2 * minus) * value;
}

/** The number of four bytes, the first lowest, that are digits; -1 if they are not. */
function fourDigits(word: number): number {
  const digits = word ^ 0x30303030;
  if (((digits | (digits + 0x06060606)) & 0xf0f0f0f0) !== 0) return -1;
  const pairs = (Math.imul(digits, 10) + (digits >>> 8)) & 0x00ff00ff;
  return Math.imul(pairs & 0xff, 100) + (pairs >>> 16);
}

/**
 * An integer of at most 15 digits and a power of ten up to 22 are exact, so their product or quotient
 * is the number, rounded once (Clinger 1990). NaN for other powers.
 */
function scaled(integer: number, exponent: number): number {
  if (exponent > EXACT_POWERS) return Number.NaN;
  return exponent < 0 ? integer / POWERS[-exponent]! : integer * POWERS[exponent]!;
}

/** The upper half of a number's digits (Veltkamp 1968). */
const upper = (value: number): number => 134217729 * value - (134217729 * value - value);
const UPPERS = POWERS.map(upper);
const LOWERS = POWERS.map((power, exponent) => power - UPPERS[exponent]!);
/** Far above the relative error of the correction below. */
const DOUBT = 2 ** -45;

/**
 * `(high · 10^lowDigits + low) / 10^power`, rounded once: one number does not hold these, but the sum
 * of two does, and the quotient but for 2⁻¹⁰² of it (Dekker 1971). NaN where that could change how it
 * is rounded, and where the power is below 0, of which there is none.
 */
function quotient(high: number, low: number, lowDigits: number, power: number): number {
  // Two products that are exact: of 26 and 24 bits by at most 5⁸.
  const highUpper = upper(high);
  const large = highUpper * POWERS[lowDigits]!;
  const small = (high - highUpper) * POWERS[lowDigits]! + low;
  const sum = large + small;
  const rest = small - (sum - large);
  const divisor = POWERS[power]!;
  const first = sum / divisor;
  const product = first * divisor;
  const a = upper(first);
  const b = first - a;
  const c = UPPERS[power]!;
  const d = LOWERS[power]!;
  const error = a * c - product + a * d + b * c + b * d;
  const correction = (sum - product - error + rest - first * RESTS[power]!) / divisor;
  const value = first + correction;
  const isSure =
    first + correction * (1 + DOUBT) === value && first + correction * (1 - DOUBT) === value;
  return isSure ? value : Number.NaN;
}
