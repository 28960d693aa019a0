import type { Cell } from './cell.js';
import { type DateOrder, standardDate } from './date-words.js';
import type { DatePart } from './encoding.js';

/** A moment, or a day, as a date says it. */
export interface Moment {
  /** Seconds since 1970-01-01T00:00:00 in UTC (a date without a zone is taken as UTC). */
  readonly seconds: number;
  readonly hasTime: boolean;
}

const SECONDS_A_DAY = 86_400;

/** ISO 8601: `2024-02`, `2024-02-29`, `2024-02-29T13:05`, `2024-02-29 13:05:07.25+01:00`. */
const DATE =
  /^(\d{4})-(\d{2})(?:-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s?(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?)?)?$/i;

export type { DateOrder } from './date-words.js';

/**
 * Reads a date, or null where the text is none.
 *
 * @param order of dates such as `1/2/2024`; only those that need none are read if left out
 */
export function parseDate(text: string, order?: DateOrder | undefined): Moment | null {
  const found = DATE.exec(text) ?? DATE.exec(standardDate(text, order));
  if (found === null) return null;
  const [, year, month, day = '01', hour, minute, second = '00', fraction = '', zone = 'Z'] = found;
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  const isDay = date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
  if (!isDay || Number(month) === 0) return null;
  if (hour === undefined) return { seconds: date.getTime() / 1000, hasTime: false };
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return null;
  const time = Number(hour) * 3600 + Number(minute) * 60 + Number(second);
  const whole = date.getTime() / 1000 + time - zoneSeconds(zone);
  return { seconds: whole + Number(`0.${fraction || '0'}`), hasTime: true };
}

/** A date for messages, as a table writes its own. */
export function exampleDate(order: DateOrder | undefined): string {
  if (order === undefined) return '2024-02-29';
  return order === 'day' ? '29.02.2024' : '02/29/2024';
}

function zoneSeconds(zone: string): number {
  const [, sign, hours, minutes = '0'] = /^([+-])(\d{2}):?(\d{2})?$/.exec(zone) ?? [];
  if (sign === undefined) return 0;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60);
}

/** The moment in a cell, or null where it holds none. */
export function momentOf(cell: Cell | Moment, order?: DateOrder | undefined): Moment | null {
  if (typeof cell === 'string') return parseDate(cell.trim(), order);
  if (typeof cell !== 'object' || cell === null) return null;
  if (!(cell instanceof Date)) return 'seconds' in cell ? cell : null;
  const seconds = cell.getTime() / 1000;
  return Number.isNaN(seconds) ? null : { seconds, hasTime: true };
}

/** A moment as a number. */
export function dateNumber({ seconds }: Moment, unit: 'days' | 'seconds'): number {
  return unit === 'days' ? seconds / SECONDS_A_DAY : seconds;
}

/** A part of a moment in UTC: the month 1 to 12, the weekday 0 (Monday) to 6, the hour 0 to 23. */
export function datePart({ seconds }: Moment, part: DatePart): number {
  const days = Math.floor(seconds / SECONDS_A_DAY);
  if (part === 'month') return new Date(days * SECONDS_A_DAY * 1000).getUTCMonth() + 1;
  if (part === 'hour') return Math.floor((seconds - days * SECONDS_A_DAY) / 3600);
  // 1970-01-01 was a Thursday.
  return (((days + 3) % 7) + 7) % 7;
}
