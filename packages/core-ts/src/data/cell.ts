/** A cell of a table as its file or a program has it: text, a number, or nothing. */
export type Cell = string | number | bigint | boolean | Date | null | undefined;

/** How numbers are written in texts. */
export type Decimal = '.' | ',';

/** What 0.1.0 took for missing, in any case. */
const MISSING_1 = new Set(['', '?', 'na', 'n/a', 'nan', '-nan', 'null']);

/**
 * What pandas takes for missing (`pandas.read_csv`, `na_values`), and what tables have beside: `?`,
 * dashes, points, `n.a.`, the errors of spreadsheets. In the case in which it is listed: `None` is
 * missing, `none` is a word.
 */
const MISSING_2 = new Set(
  '|?|NA|na|N/A|n/a|NaN|nan|NAN|NaT|-NaN|-nan|NULL|Null|null|None|<NA>|#N/A|#N/A N/A|#NA|1.#IND|-1.#IND|1.#QNAN|-1.#QNAN|-|--|---|–|—|.|..|...|n.a.|N.A.|#DIV/0!|#VALUE!|#REF!|#NAME?|#NUM!|#NULL!'.split(
    '|',
  ),
);
const LONGEST_MARK = 8;

const INFINITE = /^[+-]?inf(?:inity)?$/i;
const DIGIT = /\d/;
const SECONDS_A_DAY = 86_400;
const ZERO = 48;
const NINE = 57;

/**
 * Grouped thousands: the same separator each time, three digits after it; or as in India, `12,34,567`. No group begins
 * with a zero: in `0,123` the comma is a decimal one, whatever the other cells say.
 */
const GROUPED = {
  '.': /^([+-]?[1-9](?:\d{0,2}(?:([,'’ \u00a0\u2007\u2009\u202f])\d{3})(?:\2\d{3})*|\d?(?:,\d{2})+,\d{3}))((?:\.\d*)?(?:e[+-]?\d+)?)$/i,
  ',': /^([+-]?[1-9]\d{0,2}(?:([.'’ \u00a0\u2007\u2009\u202f])\d{3})(?:\2\d{3})*)((?:,\d*)?(?:e[+-]?\d+)?)$/i,
};
/** Currencies: `$`, `US$`, `EUR`, `kr`. */
const MONEY =
  '(?:[A-Z]{0,3}\\p{Sc}|(?:AED|AUD|BRL|CAD|CHF|CNY|CZK|DKK|EUR|GBP|HKD|HUF|IDR|ILS|INR|JPY|KRW|MXN|MYR|NOK|NZD|PHP|PLN|RON|RUB|SAR|SEK|SGD|THB|TRY|TWD|UAH|USD|VND|ZAR|Fr|kr|Kč|lei|Rp|Rs|TL|zł|лв|руб|円|元|원)\\.?)';
const BEFORE = new RegExp(`^(?:${MONEY}\\s*)?([-+−–]?)\\s*(?:${MONEY}\\s*)?`, 'u');
/** A percent sign or a currency at the end; a dash for cents that are none, as in `5,–`. */
const UNIT_BEHIND = new RegExp(`(?:%|${MONEY})$`, 'u');
const DASH_BEHIND = /[.,][-–—]{1,2}$/;
/** Of either. What is sought at the end of a text is only sought there: texts may be long. */
const LONGEST_BEHIND = 8;
/** What accountants write for nothing: `$ -`. */
const NOTHING = new RegExp(`^(?:${MONEY}\\s*[-–—]+|[-–—]+\\s*${MONEY})$`, 'u');
const LONGEST_NOTHING = 8;
/** A span of time as pandas writes it: `1 days 02:03:04`. */
const SPAN = /^(-?\d+) days?(?: \+?(\d{2}):(\d{2}):(\d{2}(?:\.\d{1,9})?))?$/;
/** As accountants write what is below 0: `(1,234)`, `($5)`, `$(5)`. */
const NEGATIVE = new RegExp(`^(${MONEY}?\\s*)\\((.+)\\)(\\s*(?:%|${MONEY}))?$`, 'u');
const WITH_COMMA = /^[+-]?(?:\d+(?:,\d*)?|,\d+)(?:e[+-]?\d+)?$/i;

/** A cell as text or a number, without the white space around it. */
export function trimmed(cell: Cell): string | number | null {
  if (typeof cell === 'string') return cell.trim();
  if (typeof cell === 'number') return cell;
  if (typeof cell === 'bigint') return Number(cell);
  if (typeof cell === 'boolean') return String(cell);
  if (cell instanceof Date) return Number.isNaN(cell.getTime()) ? null : cell.toISOString();
  return null;
}

/** Whether a trimmed cell says that there is no value. */
export function isMissing(cell: string | number | null, rules: number): boolean {
  if (typeof cell === 'number') return Number.isNaN(cell);
  if (cell === null) return true;
  if (cell.length > LONGEST_MARK) return false;
  return rules > 1 ? MISSING_2.has(cell) : MISSING_1.has(cell.toLowerCase());
}

/**
 * The number in a trimmed cell, infinite ones too; NaN where it holds none. By rules 2 it may have
 * separators between thousands, a currency, a percent sign (which changes nothing: `5 %` is 5), and
 * brackets for minus; a span of time as pandas writes it is seconds.
 */
export function numberIn(
  cell: string | number | null,
  rules: number,
  decimal: Decimal = '.',
): number {
  if (typeof cell === 'number') return cell;
  if (cell === null) return Number.NaN;
  const number = decimal === '.' || !cell.includes('.') ? plainNumber(cell) : Number.NaN;
  if (!Number.isNaN(number) || rules === 1) return number;
  if (DIGIT.test(cell)) return writtenNumber(cell, decimal);
  return cell.length <= LONGEST_NOTHING && NOTHING.test(cell) ? 0 : Number.NaN;
}

/** A decimal literal: what `Number` reads, but no hexadecimal, octal or binary digits. */
function plainNumber(cell: string): number {
  const number = Number(cell);
  if (Number.isNaN(number)) {
    if (!INFINITE.test(cell)) return Number.NaN;
    return cell.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  }
  if (cell === '') return Number.NaN;
  const isPrefixed = cell.length > 1 && cell.charCodeAt(0) === ZERO && /[xob]/i.test(cell[1]!);
  return isPrefixed ? Number.NaN : number;
}

/**
 * A number as people write it, without what stands around it: white space, currency and percent signs,
 * and the brackets that stand for minus.
 */
export function bareNumber(cell: string): string {
  const found = cell.includes('(') ? NEGATIVE.exec(cell) : null;
  const [, before, inside, behind = ''] = found ?? [];
  const signed = inside === undefined ? cell : `-${before}${inside}${behind}`;
  // Most cells begin and end with a digit, around which nothing stands: looking for it costs most.
  const front = isDigit(signed, 0)
    ? signed
    : signed.replace(BEFORE, (_, sign: string) => (sign === '−' || sign === '–' ? '-' : sign));
  return isDigit(front, front.length - 1) ? front : withoutBehind(front);
}

function withoutBehind(text: string): string {
  const unit = UNIT_BEHIND.exec(text.slice(-LONGEST_BEHIND))?.[0].length ?? 0;
  const left = unit === 0 ? text : text.slice(0, -unit).trimEnd();
  const dash = DASH_BEHIND.exec(left.slice(-LONGEST_BEHIND))?.[0].length ?? 0;
  return left.slice(0, left.length - dash);
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= ZERO && code <= NINE;
}

function writtenNumber(cell: string, decimal: Decimal): number {
  if (cell.includes(' day')) return spanSeconds(cell);
  const bare = bareNumber(cell);
  const grouped = GROUPED[decimal].exec(bare);
  const plain = grouped ? grouped[1]!.replaceAll(grouped[2] ?? ',', '') + grouped[3]! : bare;
  if (decimal === '.') return DIGIT.test(plain) ? plainNumber(plain) : Number.NaN;
  return WITH_COMMA.test(plain) ? Number(plain.replace(',', '.')) : Number.NaN;
}

function spanSeconds(cell: string): number {
  const [, days, hours = '0', minutes = '0', seconds = '0'] = SPAN.exec(cell) ?? [];
  if (days === undefined) return Number.NaN;
  const time = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return Number(days) * SECONDS_A_DAY + time;
}

/** A number that is a category, written in one way: `1`, `01` and `1.0` are one. */
export function canonicalNumber(value: number): string {
  return String(value);
}
