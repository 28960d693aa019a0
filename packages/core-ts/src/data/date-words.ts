/** With what dates of numbers begin that are not of ISO 8601: the day or the month. */
export type DateOrder = 'day' | 'month';

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const MONTH =
  '(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\\.?';
const DAY = '(\\d{1,2})(?:st|nd|rd|th|\\.)?';

/** What may be a date that is not of ISO 8601: most texts are none, and should cost little. */
const LIKELY = new RegExp(
  `^\\d{1,2}[:/.-]\\d|^\\d{4}[/.-]\\d|^\\d{4}[ -]?[QW]\\d|^Q\\d|^\\d{8}[T ]\\d|(?:\\b|\\d)(?:${MONTHS.join('|')})`,
  'i',
);
const LONGEST = 80;

/** `13:05`, `1:05:07 PM`, with a zone perhaps, at the end. */
const TIME =
  /^(.*?)(?:,? |T|^)(\d{1,2}):(\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?)(?: ?([ap])\.?m\.?)?( ?(?:Z|UTC|GMT|[+-]\d{2}:?\d{2}))?$/i;
/** `20240229T130507Z` */
const BASIC = /^(\d{4})(\d{2})(\d{2})[T ](\d{2})(\d{2})(\d{2})?(Z|[+-]\d{2}:?\d{2})?$/i;
/** `Thu Feb 29 13:05:07 2024`, as C's `ctime` writes it, also with a zone before the year. */
const C_TIME = new RegExp(
  `^(?:[a-z]{3} )?${MONTH} +(\\d{1,2}) (\\d{2}:\\d{2}:\\d{2})( (?:UTC|GMT|[+-]\\d{4}))? (\\d{4})$`,
  'i',
);
/** `Thu Feb 29 2024 13:05:07 GMT+0100 (…)`, as JavaScript writes it. */
const SCRIPT_TIME = new RegExp(
  `^[a-z]{3} ${MONTH} (\\d{2}) (\\d{4}) (\\d{2}:\\d{2}:\\d{2}) GMT([+-]\\d{4})(?: \\(.*\\))?$`,
  'i',
);
/** `29/Feb/2024:13:05:07 +0100`, as servers log it; `29FEB2024:13:05:07`, as SAS writes it. */
const LOG_TIME = new RegExp(
  `^(\\d{2})(/?)${MONTH}\\2(\\d{4}):(\\d{2}:\\d{2}(?::\\d{2})?)( [+-]\\d{4})?$`,
  'i',
);
/** `29 Feb 2024`, `29-Feb-24`, `29FEB2024`, `Thu, 29 February 2024`; not `12dec12`. */
const DAY_FIRST = new RegExp(
  `^(?:[a-z]{3,9},? )?${DAY}(?:[ -]?${MONTH},?[ -]?(\\d{4})|[ -]${MONTH},?[ -](\\d{2}))$`,
  'i',
);
/** `Feb 29, 2024`, `Thursday, February 29 2024`. */
const MONTH_FIRST = new RegExp(`^(?:[a-z]{3,9},? )?${MONTH} ${DAY},? (\\d{4})$`, 'i');
/** `Feb 2024`, `Feb-24`. */
const MONTH_ONLY = new RegExp(`^${MONTH}(?:[ -](\\d{4})|-(\\d{2}))$`, 'i');
/** `02/2024`, of a year from 1800 to 2199: `1/1000` is a fraction. So are those of quarters and weeks. */
const MONTH_NUMBER = /^(\d{1,2})\/(1[89]\d\d|2[01]\d\d)$/;
/** `2024Q1`, `Q1 2024`: the first day of a quarter. */
const QUARTER = /^(?:(1[89]\d\d|2[01]\d\d)[ -]?Q([1-4])|Q([1-4])[ /-]?(1[89]\d\d|2[01]\d\d))$/i;
/** `2024-W09`, `2024-W09-4`: weeks of ISO 8601, and their Mondays. */
const WEEK = /^(1[89]\d\d|2[01]\d\d)-?W(\d{2})(?:-?([1-7]))?$/i;
const MILLISECONDS_A_DAY = 86_400_000;

/**
 * `31.12.2024`, `12/31/24`, `31.12.24`: days and months of one or two digits, or of two digits where a year
 * of two digits follows points, which else might be the number of a version.
 */
const NUMBERS =
  /^(?:(\d{1,2})([./-])(\d{1,2})\2(\d{4})|(\d{1,2})\/(\d{1,2})\/(\d{2})|(\d{2})\.(\d{2})\.(\d{2}))$/;
/** `2024/12/31`, `2024-1-1`: the year says that the rest is in its usual order. */
const YEAR_FIRST = /^(\d{4})([./-])(\d{1,2})\2(\d{1,2})$/;
/** Years of two digits from here on are of 1900, as POSIX has it. */
const FIRST_OF_1900 = 69;

/**
 * A date or time as ISO 8601 has it; any other text as it is. A time alone becomes one on 1970-01-01.
 *
 * @param order of dates such as `1/2/2024`, which are left as they are if it is left out
 */
export function standardDate(text: string, order: DateOrder | undefined): string {
  if (text.length > LONGEST || !LIKELY.test(text)) return text;
  const basic = BASIC.exec(text);
  if (basic !== null) {
    const [, year, month, day, hour, minute, second = '00', zone = ''] = basic;
    return `${year}-${month}-${day}T${hour}:${minute}:${second}${zone}`;
  }
  const c = C_TIME.exec(text);
  if (c !== null) return `${c[5]}-${monthOf(c[1]!)}-${pad(c[2]!)}T${c[3]}${(c[4] ?? '').trim()}`;
  const script = SCRIPT_TIME.exec(text);
  if (script !== null) {
    return `${script[3]}-${monthOf(script[1]!)}-${script[2]}T${script[4]}${script[5]}`;
  }
  const log = LOG_TIME.exec(text);
  if (log !== null) {
    return `${log[4]}-${monthOf(log[3]!)}-${log[1]}T${log[5]}${(log[6] ?? '').trim()}`;
  }
  const [, before = text, hour, rest, half, zone = ''] = TIME.exec(text) ?? [];
  const date = before === '' ? '1970-01-01' : standardDay(before, order);
  if (hour === undefined) return date;
  const hours = half === undefined ? hour : halfDayHour(Number(hour), half);
  return `${date}T${pad(hours)}:${rest}${zone.trim()}`;
}

function standardDay(text: string, order: DateOrder | undefined): string {
  const dayFirst = DAY_FIRST.exec(text);
  if (dayFirst !== null) {
    const [, day, month, year, shortMonth, shortYear] = dayFirst;
    return `${wholeYear((year ?? shortYear)!)}-${monthOf((month ?? shortMonth)!)}-${pad(day!)}`;
  }
  const monthFirst = MONTH_FIRST.exec(text);
  if (monthFirst !== null)
    return `${monthFirst[3]}-${monthOf(monthFirst[1]!)}-${pad(monthFirst[2]!)}`;
  const monthOnly = MONTH_ONLY.exec(text);
  if (monthOnly !== null) {
    return `${wholeYear((monthOnly[2] ?? monthOnly[3])!)}-${monthOf(monthOnly[1]!)}`;
  }
  const monthNumber = MONTH_NUMBER.exec(text);
  if (monthNumber !== null) return `${monthNumber[2]}-${pad(monthNumber[1]!)}`;
  const quarter = QUARTER.exec(text);
  if (quarter !== null) {
    const [, year, at, before, behind] = quarter;
    return `${year ?? behind}-${pad(String(3 * Number(at ?? before) - 2))}`;
  }
  const week = WEEK.exec(text);
  if (week !== null) return dayOfWeek(text, Number(week[1]), Number(week[2]), Number(week[3] ?? 1));
  const yearFirst = YEAR_FIRST.exec(text);
  if (yearFirst !== null) return `${yearFirst[1]}-${pad(yearFirst[3]!)}-${pad(yearFirst[4]!)}`;
  if (order === undefined) return text;
  const numbers = NUMBERS.exec(text);
  if (numbers === null) return text;
  const [a, b, year] = [1, 3, 4, 5, 6, 7, 8, 9, 10].map((at) => numbers[at]).filter(Boolean);
  const [day, month] = order === 'day' ? [a, b] : [b, a];
  return `${wholeYear(year!)}-${pad(month!)}-${pad(day!)}`;
}

/** A day of a week of ISO 8601, of which the first is that of 4 January; the text itself where the year has no such week. */
function dayOfWeek(text: string, year: number, week: number, day: number): string {
  const fourth = new Date(0);
  fourth.setUTCFullYear(year, 0, 4);
  const monday = 7 * (week - 1) - ((fourth.getUTCDay() + 6) % 7);
  const dateOf = (days: number): Date => new Date(fourth.getTime() + days * MILLISECONDS_A_DAY);
  const isThere = week > 0 && dateOf(monday + 3).getUTCFullYear() === year;
  return isThere
    ? dateOf(monday + day - 1)
        .toISOString()
        .slice(0, 10)
    : text;
}

/** From 12 AM, which is midnight, to 11 PM. An hour that is none stays none. */
function halfDayHour(hour: number, half: string): string {
  if (hour < 1 || hour > 12) return '99';
  return String((hour % 12) + (half.toLowerCase() === 'p' ? 12 : 0));
}

function monthOf(word: string): string {
  return pad(String(MONTHS.indexOf(word.slice(0, 3).toLowerCase()) + 1));
}

function wholeYear(year: string): string {
  if (year.length > 2) return year;
  return `${Number(year) < FIRST_OF_1900 ? 20 : 19}${year}`;
}

function pad(digits: string): string {
  return digits.padStart(2, '0');
}
