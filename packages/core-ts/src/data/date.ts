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
  const plain = plainDate(text);
  if (plain !== undefined) return plain;
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

const DASH = 45;
const COLON = 58;
const SPACE = 32;
const LETTER_T = 84;
const ZERO = 48;

/**
 * Reads `2024-02-29` and `2024-02-29T13:05:07`, as most tables have them, without an expression; null where there is no
 * such day or time, undefined for all that is written otherwise.
 */
function plainDate(text: string): Moment | null | undefined {
  const { length } = text;
  if (length !== 10 && length !== 19) return undefined;
  if (text.charCodeAt(4) !== DASH || text.charCodeAt(7) !== DASH) return undefined;
  const hasTime = length === 19;
  if (hasTime) {
    const between = text.charCodeAt(10);
    if (between !== LETTER_T && between !== SPACE) return undefined;
    if (text.charCodeAt(13) !== COLON || text.charCodeAt(16) !== COLON) return undefined;
  }
  const year = 100 * twoDigits(text, 0) + twoDigits(text, 2);
  const month = twoDigits(text, 5);
  const day = twoDigits(text, 8);
  const hour = hasTime ? twoDigits(text, 11) : 0;
  const minute = hasTime ? twoDigits(text, 14) : 0;
  const second = hasTime ? twoDigits(text, 17) : 0;
  if (Number.isNaN(year + month + day + hour + minute + second)) return undefined;
  const isDay = month >= 1 && month <= 12 && day >= 1 && day <= daysOf(year, month);
  if (!isDay || hour > 23 || minute > 59 || second > 59) return null;
  const time = hour * 3600 + minute * 60 + second;
  return { seconds: daysBefore(year, month, day) * SECONDS_A_DAY + time, hasTime };
}

/** NaN where there are other characters. */
function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - ZERO;
  const ones = text.charCodeAt(at + 1) - ZERO;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? 10 * tens + ones : Number.NaN;
}

function daysOf(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Days from a year's 1 March to the first of a month, that of March being 0. */
const monthStart = (month: number): number => Math.floor((153 * month + 2) / 5);
/** Days of 400 years, and from 0000-03-01 to 1970-01-01. */
const DAYS_400_YEARS = 146_097;
const DAYS_TO_1970 = 719_468;

/** Days since 1970-01-01 in years that begin in March, so that a leap day ends them. */
function daysBefore(year: number, month: number, day: number): number {
  const from = month > 2 ? year : year - 1;
  const days = 365 * from + Math.floor(from / 4) - Math.floor(from / 100) + Math.floor(from / 400);
  return days + monthStart((month + 9) % 12) + day - 1 - DAYS_TO_1970;
}

/** The month, 1 to 12, of a day counted from 1970-01-01. */
function monthOfDay(days: number): number {
  const since = days + DAYS_TO_1970;
  const day = since - Math.floor(since / DAYS_400_YEARS) * DAYS_400_YEARS;
  const leaps = Math.floor(day / 1460) - Math.floor(day / 36_524) + Math.floor(day / 146_096);
  const year = Math.floor((day - leaps) / 365);
  const inYear = day - (365 * year + Math.floor(year / 4) - Math.floor(year / 100));
  const month = Math.floor((5 * inYear + 2) / 153);
  return month < 10 ? month + 3 : month - 9;
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
export function dateNumber({ seconds }: Pick<Moment, 'seconds'>, unit: 'days' | 'seconds'): number {
  return unit === 'days' ? seconds / SECONDS_A_DAY : seconds;
}

/** A part of a moment in UTC: the month 1 to 12, the weekday 0 (Monday) to 6, the hour 0 to 23. */
export function datePart({ seconds }: Pick<Moment, 'seconds'>, part: DatePart): number {
  const days = Math.floor(seconds / SECONDS_A_DAY);
  if (part === 'month') return monthOfDay(days);
  if (part === 'hour') return Math.floor((seconds - days * SECONDS_A_DAY) / 3600);
  // 1970-01-01 was a Thursday.
  return (((days + 3) % 7) + 7) % 7;
}
