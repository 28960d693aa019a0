import { BitgradError } from '@bitgrad/core';

const SECONDS_A_DAY = 86_400;
const LAST_YEAR = 9999;
const FIX = 'Correct it, or leave its row or its column out of the file.';

/**
 * A date as the text of a cell: the day alone where it is midnight in UTC.
 *
 * @param place for errors
 * @throws BitgradError if its year does not have four digits, as those of all dates that are read
 */
export function dateText(date: Date, place: () => string): string {
  const year = date.getUTCFullYear();
  if (!(year >= 0 && year <= LAST_YEAR)) {
    const received = Number.isNaN(year) ? 'one far beyond' : `one of the year ${year}`;
    throw new BitgradError(
      `${place()}: expected a date of the years 0000 to 9999, received ${received}`,
      FIX,
    );
  }
  const text = date.toISOString();
  return text.endsWith('T00:00:00.000Z') ? text.slice(0, 10) : text;
}

/** A moment to the last digit, of which a `Date` keeps only milliseconds. */
export class Instant {
  /**
   * @param count of units since 1970-01-01T00:00:00 in UTC
   * @param perSecond of these units: 1, or a power of 10
   */
  constructor(
    private readonly count: bigint,
    private readonly perSecond: bigint,
  ) {}

  /** As `dateText`. */
  text(place: () => string): string {
    const { count, perSecond } = this;
    const rest = ((count % perSecond) + perSecond) % perSecond;
    const second = new Date(Number((count - rest) / perSecond) * 1000);
    const text = dateText(second, place);
    if (rest === 0n) return text;
    const digits = String(rest).padStart(String(perSecond).length - 1, '0');
    return `${second.toISOString().slice(0, -5)}.${digits}Z`;
  }
}

/**
 * A time of day as the text of a cell.
 *
 * @param place for errors
 * @throws BitgradError if no day has it
 */
export function clockText(seconds: number, place: () => string): string {
  if (!(seconds >= 0 && seconds < SECONDS_A_DAY)) {
    throw new BitgradError(
      `${place()}: expected a time of day, 0 to ${SECONDS_A_DAY} seconds from midnight, received ${seconds}`,
      FIX,
    );
  }
  const date = new Date(Math.floor(seconds) * 1000).toISOString().slice(11, 19);
  const fraction = (seconds % 1)
    .toFixed(6)
    .slice(1)
    .replace(/\.?0+$/, '');
  return date + fraction;
}
