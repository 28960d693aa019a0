import { check } from '../case.js';

/** How far binary32 may be from binary64, relative to values of about 1. */
const TOLERANCE = 1e-5;

/** Fails unless numbers are those that somebody else computed in binary64, but for rounding. */
export function expectNear(
  actual: ArrayLike<number>,
  expected: readonly number[],
  where: string,
  tolerance = TOLERANCE,
): void {
  check(
    actual.length === expected.length,
    `${where}: expected ${expected.length} values, received ${actual.length}`,
  );
  for (const [at, wanted] of expected.entries()) {
    const difference = Math.abs(actual[at]! - wanted);
    check(
      difference <= tolerance * Math.max(1, Math.abs(wanted)),
      `${where}, index ${at}: expected about ${wanted}, received ${actual[at]}`,
    );
  }
}
