const MINUS = 45;
const POINT = 46;
const ZERO = 48;
const LINE_FEED = 10;
const RETURN = 13;
/** Integers of so many digits are exact in binary64, and so are the powers of ten up to there. */
const MOST_DIGITS = 15;
const POWERS = Float64Array.from({ length: MOST_DIGITS + 1 }, (_, power) => Number(`1e${power}`));
/** Smaller numbers are written with an exponent; none with so few digits behind the point is. */
const SMALLEST = 1e-6;
const SAFE_FRACTION = 6;

/** Integers of so many digits fit into 32 bits, which are added up faster. */
const SHORT_DIGITS = 9;

/**
 * Puts the number that begins at `start` and goes up to the delimiter or its line's end into `numbers[index]`, if
 * `String` writes it just so (`-12.5`, but not `12.50`, `+1` or `1e5`) with at most 15 digits. A quotient of two exact
 * numbers is rounded once (Clinger 1990).
 *
 * @param bytes with a line feed somewhere behind
 * @param isLoose whether zeros that `String` does not write, as in `012.50`, and small numbers are taken too
 * @returns where it ends; -1 where there is none
 */
export function putPlainNumber(
  bytes: Uint8Array,
  start: number,
  delimiter: number,
  numbers: Float64Array,
  index: number,
  isLoose: boolean,
): number {
  let byte = bytes[start]!;
  // 1 where there is one, 0 else, found without a branch: as many numbers have one as have none.
  const minus = ((byte ^ MINUS) - 1) >>> 31;
  let at = start + minus;
  byte = bytes[at]!;
  let digit = byte - ZERO;
  // What is below 0 becomes large.
  if (digit >>> 0 > 9) return -1;
  const first = at;
  let integer = 0;
  do {
    integer = (Math.imul(integer, 10) + digit) | 0;
    at += 1;
    byte = bytes[at]!;
    digit = byte - ZERO;
  } while (digit >>> 0 <= 9);
  let digits = at - first;
  let fraction = 0;
  if (byte === POINT) {
    const point = at;
    at += 1;
    digit = bytes[at]! - ZERO;
    while (digit >>> 0 <= 9) {
      integer = (Math.imul(integer, 10) + digit) | 0;
      at += 1;
      digit = bytes[at]! - ZERO;
    }
    fraction = at - point - 1;
    if (fraction === 0) return -1;
    digits += fraction;
  }
  if (!endsCell(bytes, at, delimiter) || digits > MOST_DIGITS) return -1;
  const whole = digits > SHORT_DIGITS ? longInteger(bytes, first, at) : integer;
  const value = whole / POWERS[fraction]!;
  if (!isLoose) {
    if (digits > fraction + 1 && bytes[first] === ZERO) return -1;
    if (fraction > 0 && bytes[at - 1] === ZERO) return -1;
    if (fraction > SAFE_FRACTION && value < SMALLEST) return -1;
    if (minus === 1 && value === 0) return -1;
  }
  numbers[index] = (1 - 2 * minus) * value;
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

/** Whether a delimiter stands there, or a line ends. A line feed is somewhere behind. */
export function endsCell(bytes: Uint8Array, at: number, delimiter: number): boolean {
  const byte = bytes[at]!;
  return (
    byte === delimiter || byte === LINE_FEED || (byte === RETURN && bytes[at + 1] === LINE_FEED)
  );
}
