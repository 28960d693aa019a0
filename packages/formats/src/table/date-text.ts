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
