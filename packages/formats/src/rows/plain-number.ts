const MINUS = 45;
const POINT = 46;
const ZERO = 48;
const LINE_FEED = 10;
const RETURN = 13;
/** Integers of so many digits are exact in binary64, and so are the powers of ten up to there. */
const MOST_DIGITS = 15;
const POWERS = Float64Array.from({ length: MOST_DIGITS + 1 }, (_, power) => Number(`1e${power}`));
/** Smaller numbers are written with an exponent. */
const SMALLEST = 1e-6;

/** Integers of so many digits fit into 32 bits, which are added up faster. */
const SHORT_DIGITS = 9;

/**
 * Puts the number that begins at `start` and goes up to the delimiter, its line's end or `end` into `numbers[row]`,
 * if `String` writes it just so (`-12.5`, but not `12.50`, `+1` or `1e5`) with at most 15 digits. A quotient of two
 * exact numbers is rounded once (Clinger 1990).
 *
 * @param isLoose whether zeros that `String` does not write, as in `012.50`, and small numbers are taken too
 * @returns where it ends; -1 where there is none
 */
export function putPlainNumber(
  bytes: Uint8Array,
  start: number,
  end: number,
  delimiter: number,
  numbers: Float64Array,
  row: number,
  isLoose: boolean,
): number {
  const isNegative = bytes[start] === MINUS;
  const first = isNegative ? start + 1 : start;
  let at = first;
  let integer = 0;
  let digit = 0;
  for (; at < end; at += 1) {
    digit = bytes[at]! - ZERO;
    if (digit < 0 || digit > 9) break;
    integer = (Math.imul(integer, 10) + digit) | 0;
  }
  let digits = at - first;
  if (digits === 0 || (digits > 1 && bytes[first] === ZERO && !isLoose)) return -1;
  let fraction = 0;
  if (at < end && bytes[at] === POINT) {
    const point = at;
    for (at += 1; at < end; at += 1) {
      digit = bytes[at]! - ZERO;
      if (digit < 0 || digit > 9) break;
      integer = (Math.imul(integer, 10) + digit) | 0;
    }
    fraction = at - point - 1;
    if (fraction === 0 || (bytes[at - 1] === ZERO && !isLoose)) return -1;
    digits += fraction;
  }
  if (digits > MOST_DIGITS || !endsCell(bytes, at, end, delimiter)) return -1;
  const whole = digits > SHORT_DIGITS ? longInteger(bytes, first, at) : integer;
  const value = whole / POWERS[fraction]!;
  if (value < SMALLEST && (value > 0 || isNegative) && !isLoose) return -1;
  numbers[row] = isNegative ? -value : value;
  return at;
}

/** All digits of a number, whether before or behind its point. */
function longInteger(bytes: Uint8Array, start: number, end: number): number {
  let integer = 0;
  for (let at = start; at < end; at += 1) {
    if (bytes[at] !== POINT) integer = integer * 10 + bytes[at]! - ZERO;
  }
  return integer;
}

/** Whether a delimiter stands there, or a line ends. */
export function endsCell(bytes: Uint8Array, at: number, end: number, delimiter: number): boolean {
  if (at === end) return true;
  const byte = bytes[at]!;
  return byte === delimiter || byte === LINE_FEED || (byte === RETURN && endsLine(bytes, at));
}

/** Whether a carriage return stands before a line feed, or at the end of the text. */
export function endsLine(bytes: Uint8Array, at: number): boolean {
  return at + 1 === bytes.length || bytes[at + 1] === LINE_FEED;
}
