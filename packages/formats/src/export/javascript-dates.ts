/** The JavaScript source by which an exported module reads dates, as `parseDate` of @bitgrad/core does. It needs `dateOrder`. */
export const DATES = String.raw`
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const monthWord =
  '(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\\.?';
const dayWord = '(\\d{1,2})(?:st|nd|rd|th|\\.)?';

/** What may be a date that is not of ISO 8601: most texts are none, and should cost little. */
const likelyDate = new RegExp(
  '^\\d{1,2}[:/.-]\\d|^\\d{4}[/.-]\\d|^\\d{4}[ -]?[QW]\\d|^Q\\d|^\\d{8}[T ]\\d|(?:\\b|\\d)(?:' + months.join('|') + ')',
  'i',
);
const longestDate = 80;

/** '13:05', '1:05:07 PM', with a zone perhaps, at the end. */
const timeAtEnd =
  /^(.*?)(?:,? |T|^)(\d{1,2}):(\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?)(?: ?([ap])\.?m\.?)?( ?(?:Z|UTC|GMT|[+-]\d{2}:?\d{2}))?$/i;
/** '20240229T130507Z' */
const basicDate = /^(\d{4})(\d{2})(\d{2})[T ](\d{2})(\d{2})(\d{2})?(Z|[+-]\d{2}:?\d{2})?$/i;
/** 'Thu Feb 29 13:05:07 2024', as C's 'ctime' writes it, also with a zone before the year. */
const cTime = new RegExp(
  '^(?:[a-z]{3} )?' + monthWord + ' +(\\d{1,2}) (\\d{2}:\\d{2}:\\d{2})( (?:UTC|GMT|[+-]\\d{4}))? (\\d{4})$',
  'i',
);
/** 'Thu Feb 29 2024 13:05:07 GMT+0100 (…)', as JavaScript writes it. */
const scriptTime = new RegExp(
  '^[a-z]{3} ' + monthWord + ' (\\d{2}) (\\d{4}) (\\d{2}:\\d{2}:\\d{2}) GMT([+-]\\d{4})(?: \\(.*\\))?$',
  'i',
);
/** '29/Feb/2024:13:05:07 +0100', as servers log it; '29FEB2024:13:05:07', as SAS writes it. */
const logTime = new RegExp(
  '^(\\d{2})(/?)' + monthWord + '\\2(\\d{4}):(\\d{2}:\\d{2}(?::\\d{2})?)( [+-]\\d{4})?$',
  'i',
);
/** '29 Feb 2024', '29-Feb-24', '29FEB2024', 'Thu, 29 February 2024'; not '12dec12'. */
const dayFirstDate = new RegExp(
  '^(?:[a-z]{3,9},? )?' + dayWord + '(?:[ -]?' + monthWord + ',?[ -]?(\\d{4})|[ -]' + monthWord + ',?[ -](\\d{2}))$',
  'i',
);
/** 'Feb 29, 2024', 'Thursday, February 29 2024'. */
const monthFirstDate = new RegExp('^(?:[a-z]{3,9},? )?' + monthWord + ' ' + dayWord + ',? (\\d{4})$', 'i');
/** 'Feb 2024', 'Feb-24'. */
const monthAlone = new RegExp('^' + monthWord + '(?:[ -](\\d{4})|-(\\d{2}))$', 'i');
/** '02/2024', of a year from 1800 to 2199: '1/1000' is a fraction. So are those of quarters and weeks. */
const monthNumber = /^(\d{1,2})\/(1[89]\d\d|2[01]\d\d)$/;
/** '2024Q1', 'Q1 2024': the first day of a quarter. */
const quarterDate = /^(?:(1[89]\d\d|2[01]\d\d)[ -]?Q([1-4])|Q([1-4])[ /-]?(1[89]\d\d|2[01]\d\d))$/i;
/** '2024-W09', '2024-W09-4': weeks of ISO 8601, and their Mondays. */
const weekDate = /^(1[89]\d\d|2[01]\d\d)-?W(\d{2})(?:-?([1-7]))?$/i;

/**
 * '31.12.2024', '12/31/24', '31.12.24': days and months of one or two digits, or of two digits where a year
 * of two digits follows points, which else might be the number of a version.
 */
const numberDate =
  /^(?:(\d{1,2})([./-])(\d{1,2})\2(\d{4})|(\d{1,2})\/(\d{1,2})\/(\d{2})|(\d{2})\.(\d{2})\.(\d{2}))$/;
/** '2024/12/31', '2024-1-1': the year says that the rest is in its usual order. */
const yearFirstDate = /^(\d{4})([./-])(\d{1,2})\2(\d{1,2})$/;
/** Years of two digits from here on are of 1900, as POSIX has it. */
const firstOf1900 = 69;

/**
 * A date or time as ISO 8601 has it; any other text as it is. A time alone becomes one on 1970-01-01.
 *
 * @param order of dates such as '1/2/2024', which are left as they are if it is null
 */
function standardDate(text, order) {
  if (text.length > longestDate || !likelyDate.test(text)) return text;
  const basic = basicDate.exec(text);
  if (basic !== null) {
    const [, year, month, day, hour, minute, second = '00', zone = ''] = basic;
    return year + '-' + month + '-' + day + 'T' + hour + ':' + minute + ':' + second + zone;
  }
  const c = cTime.exec(text);
  if (c !== null) return c[5] + '-' + monthOf(c[1]) + '-' + pad(c[2]) + 'T' + c[3] + (c[4] ?? '').trim();
  const script = scriptTime.exec(text);
  if (script !== null) {
    return script[3] + '-' + monthOf(script[1]) + '-' + script[2] + 'T' + script[4] + script[5];
  }
  const log = logTime.exec(text);
  if (log !== null) {
    return log[4] + '-' + monthOf(log[3]) + '-' + log[1] + 'T' + log[5] + (log[6] ?? '').trim();
  }
  const [, before = text, hour, rest, half, zone = ''] = timeAtEnd.exec(text) ?? [];
  const date = before === '' ? '1970-01-01' : standardDay(before, order);
  if (hour === undefined) return date;
  const hours = half === undefined ? hour : halfDayHour(Number(hour), half);
  return date + 'T' + pad(hours) + ':' + rest + zone.trim();
}

function standardDay(text, order) {
  const dayFirst = dayFirstDate.exec(text);
  if (dayFirst !== null) {
    const [, day, month, year, shortMonth, shortYear] = dayFirst;
    return wholeYear(year ?? shortYear) + '-' + monthOf(month ?? shortMonth) + '-' + pad(day);
  }
  const monthFirst = monthFirstDate.exec(text);
  if (monthFirst !== null) return monthFirst[3] + '-' + monthOf(monthFirst[1]) + '-' + pad(monthFirst[2]);
  const monthOnly = monthAlone.exec(text);
  if (monthOnly !== null) return wholeYear(monthOnly[2] ?? monthOnly[3]) + '-' + monthOf(monthOnly[1]);
  const numbered = monthNumber.exec(text);
  if (numbered !== null) return numbered[2] + '-' + pad(numbered[1]);
  const quarter = quarterDate.exec(text);
  if (quarter !== null) {
    const [, year, at, before, behind] = quarter;
    return (year ?? behind) + '-' + pad(String(3 * (at ?? before) - 2));
  }
  const week = weekDate.exec(text);
  if (week !== null) return dayOfWeek(text, Number(week[1]), Number(week[2]), Number(week[3] ?? 1));
  const yearFirst = yearFirstDate.exec(text);
  if (yearFirst !== null) return yearFirst[1] + '-' + pad(yearFirst[3]) + '-' + pad(yearFirst[4]);
  if (order === null) return text;
  const numbers = numberDate.exec(text);
  if (numbers === null) return text;
  const [a, b, year] = [1, 3, 4, 5, 6, 7, 8, 9, 10].map((at) => numbers[at]).filter(Boolean);
  const [day, month] = order === 'day' ? [a, b] : [b, a];
  return wholeYear(year) + '-' + pad(month) + '-' + pad(day);
}

/** A day of a week of ISO 8601, of which the first is that of 4 January. */
function dayOfWeek(text, year, week, day) {
  const fourth = new Date(0);
  fourth.setUTCFullYear(year, 0, 4);
  const monday = 7 * (week - 1) - ((fourth.getUTCDay() + 6) % 7);
  const dateOf = (days) => new Date(fourth.getTime() + days * 86400000);
  const isThere = week > 0 && dateOf(monday + 3).getUTCFullYear() === year;
  return isThere ? dateOf(monday + day - 1).toISOString().slice(0, 10) : text;
}

/** From 12 AM, which is midnight, to 11 PM. An hour that is none stays none. */
function halfDayHour(hour, half) {
  if (hour < 1 || hour > 12) return '99';
  return String((hour % 12) + (half.toLowerCase() === 'p' ? 12 : 0));
}

function monthOf(word) {
  return pad(String(months.indexOf(word.slice(0, 3).toLowerCase()) + 1));
}

function wholeYear(year) {
  if (year.length > 2) return year;
  return (Number(year) < firstOf1900 ? 20 : 19) + year;
}

function pad(digits) {
  return digits.padStart(2, '0');
}

/** Seconds since 1970 in UTC of a date; null where it is none. */
function secondsOf(value) {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.getTime() / 1000;
  if (typeof value !== 'string') return null;
  const iso =
    /^(\d{4})-(\d{2})(?:-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s?(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?)?)?$/i;
  const text = value.trim();
  const found = iso.exec(text) ?? iso.exec(standardDate(text, dateOrder));
  if (found === null) return null;
  const [, year, month, day = '01', hour, minute, second = '00', fraction = '', zone = 'Z'] = found;
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  if (date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day)) return null;
  if (Number(month) === 0) return null;
  if (hour === undefined) return date.getTime() / 1000;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return null;
  const [, sign, hours = '0', minutes = '0'] = /^([+-])(\d{2}):?(\d{2})?$/.exec(zone) ?? [];
  const ahead = (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60);
  const time = Number(hour) * 3600 + Number(minute) * 60 + Number(second);
  return date.getTime() / 1000 + time - ahead + Number('0.' + (fraction || '0'));
}

const dateParts = {
  month: (seconds) => new Date(Math.floor(seconds / 86400) * 86400000).getUTCMonth() + 1,
  weekday: (seconds) => (((Math.floor(seconds / 86400) + 3) % 7) + 7) % 7,
  hour: (seconds) => Math.floor((seconds - Math.floor(seconds / 86400) * 86400) / 3600),
};

function dateFeatures(value, { date: { unit, parts }, offset = 0, missing: flag, median }) {
  const seconds = secondsOf(value);
  if (seconds === null) {
    if (!isMissing(cellOf(value))) return null;
    return [median ?? 0, ...parts.map(() => 0), ...(flag ? [1] : [])];
  }
  const number = fround((unit === 'days' ? seconds / 86400 : seconds) - offset);
  return [number, ...parts.map((part) => dateParts[part](seconds)), ...(flag ? [0] : [])];
}
`;
