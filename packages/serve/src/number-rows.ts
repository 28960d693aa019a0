/** One by powers of ten up to 10²². */
const INVERSES = Float64Array.from({ length: 23 }, (_, exponent) => 1 / Number(`1e${exponent}`));
/** Integers of so many digits are exact in binary64. */
const EXACT_DIGITS = 15;
/**
 * Above the relative error of what is computed below, 2⁻⁵³ for each rounding: four of sixteen digits,
 * two of the rest, the power's, the product's, and that of the number itself to binary64.
 */
const DOUBT = 2 ** -49;

const LINE_FEED = 10;
const SPACE = 32;
const COMMA = 44;
const MINUS = 45;
const POINT = 46;
const ZERO = 48;
const NINE = 57;
/** `E` and `e` differ in this bit. */
const LOWER = 32;
const LETTER_E = 101;

/**
 * Reads numbers, as JSON writes them without an exponent, with commas between them, into
 * `samples[from … to - 1]`: what `Math.fround(Number(text))` is, told from an approximation. Nearly always
 * what is a little less and what is a little more are rounded to the same binary32.
 *
 * @returns where the last one ends; -1 where the bytes are anything else, or an approximation does not tell
 */
export function readNumbers(
  bytes: DataView,
  start: number,
  samples: Float32Array,
  from: number,
  to: number,
): number {
  const length = bytes.byteLength;
  if (start >= length || !endsList(bytes.getUint8(length - 1))) return -1;
  let at = start;
  for (let index = from; index < to; index += 1) {
    if (index > from) {
      if (bytes.getUint8(at) !== COMMA) return -1;
      at += bytes.getUint8(at + 1) === SPACE ? 2 : 1;
    }
    const isNegative = bytes.getUint8(at) === MINUS;
    if (isNegative) at += 1;
    const first = at;
    let digit = bytes.getUint8(at) - ZERO;
    let value = 0;
    while (digit >= 0 && digit <= 9) {
      value = value * 10 + digit;
      at += 1;
      digit = bytes.getUint8(at) - ZERO;
    }
    const whole = at - first;
    if (whole === 0 || whole > EXACT_DIGITS) return -1;
    if (whole > 1 && bytes.getUint8(first) === ZERO) return -1;
    if (digit === POINT - ZERO) {
      at += 1;
      const fraction = at;
      for (; at + 8 <= length; at += 8) {
        const eight = eightDigits(bytes.getInt32(at, true), bytes.getInt32(at + 4, true));
        if (eight < 0) break;
        value = value * 100_000_000 + eight;
      }
      let rest = 0;
      let power = 1;
      for (;;) {
        digit = bytes.getUint8(at) - ZERO;
        if (digit < 0 || digit > 9) break;
        rest = rest * 10 + digit;
        power *= 10;
        at += 1;
      }
      const digits = at - fraction;
      if (digits === 0 || digits >= INVERSES.length) return -1;
      value = (value * power + rest) * INVERSES[digits]!;
    }
    if (((digit + ZERO) | LOWER) === LETTER_E) return -1;
    const number = Math.fround(value * (1 + DOUBT));
    if (number !== Math.fround(value * (1 - DOUBT))) return -1;
    samples[index] = isNegative ? -number : number;
  }
  return at;
}

/** Whether no number reaches to this byte, the last: then none has to be looked for its end. */
function endsList(byte: number): boolean {
  return byte > NINE || byte === LINE_FEED;
}

/** The number of eight bytes, the first lowest, that are digits; -1 if they are not. */
function eightDigits(low: number, high: number): number {
  const a = low ^ 0x30303030;
  const b = high ^ 0x30303030;
  if (((a | b | (a + 0x06060606) | (b + 0x06060606)) & 0xf0f0f0f0) !== 0) return -1;
  const c = (Math.imul(a, 10) + (a >>> 8)) & 0x00ff00ff;
  const d = (Math.imul(b, 10) + (b >>> 8)) & 0x00ff00ff;
  const upper = Math.imul(c & 0xff, 100) + (c >>> 16);
  const lower = Math.imul(d & 0xff, 100) + (d >>> 16);
  return Math.imul(upper, 10_000) + lower;
}
