/**
 * Digits that always suffice, for numbers that are not subnormal, to tell whether fewer would do: a
 * shorter decimal that rounds to the number is the number rounded to this many digits.
 */
const FEW_DIGITS = 6;
/** Digits that tell any two binary32 values apart. */
const MOST_DIGITS = 9;
const SMALLEST_NORMAL = 2 ** -126;

/** The shortest decimal that rounds to a finite binary32 value, written as in JSON. */
export function shortestDecimal(value: number): string {
  // JSON.stringify would lose the sign.
  if (Object.is(value, -0)) return '-0';
  const fewest = Math.abs(value) < SMALLEST_NORMAL ? 1 : FEW_DIGITS;
  for (let digits = fewest; digits < MOST_DIGITS; digits += 1) {
    const decimal = Number(value.toPrecision(digits));
    if (Math.fround(decimal) === value) return String(decimal);
  }
  return String(Number(value.toPrecision(MOST_DIGITS)));
}
