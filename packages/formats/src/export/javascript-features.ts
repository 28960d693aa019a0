import { BOOLEAN_PAIRS } from '@bitgrad/core';
import { DATES } from './javascript-dates.js';

/**
 * The JavaScript source by which an exported module turns a row into features by rules 2: what
 * `encodeRow` of @bitgrad/core does, to the bit. It needs constants `columns`, `comma` and, of dates, `dateOrder`.
 */

const CELLS = String.raw`
const missing = new Set(
  '|?|NA|na|N/A|n/a|NaN|nan|NAN|NaT|-NaN|-nan|NULL|Null|null|None|<NA>|#N/A|#N/A N/A|#NA|1.#IND|-1.#IND|1.#QNAN|-1.#QNAN|-|--|---|–|—|.|..|...|n.a.|N.A.|#DIV/0!|#VALUE!|#REF!|#NAME?|#NUM!|#NULL!'.split('|'),
);

/** A value as text or a number, or null. */
function cellOf(value) {
  if (typeof value === 'string') return value.trim();
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'boolean') return String(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  return null;
}

const isMissing = (cell) =>
  cell === null || (typeof cell === 'number' ? Number.isNaN(cell) : missing.has(cell));

/** A decimal literal; NaN for all else. */
function plainNumber(text) {
  if (text === '' || /^0[xob]/i.test(text)) return NaN;
  if (/^[+-]?inf(?:inity)?$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  return Number(text);
}

const money =
  '(?:[A-Z]{0,3}\\p{Sc}|(?:AED|AUD|BRL|CAD|CHF|CNY|CZK|DKK|EUR|GBP|HKD|HUF|IDR|ILS|INR|JPY|KRW|MXN|MYR|NOK|NZD|PHP|PLN|RON|RUB|SAR|SEK|SGD|THB|TRY|TWD|UAH|USD|VND|ZAR|Fr|kr|Kč|lei|Rp|Rs|TL|zł|лв|руб|円|元|원)\\.?)';
const before = new RegExp('^(?:' + money + '\\s*)?([-+−–]?)\\s*(?:' + money + '\\s*)?', 'u');
const unitBehind = new RegExp('(?:%|' + money + ')$', 'u');
const dashBehind = /[.,][-–—]{1,2}$/;
const nothing = new RegExp('^(?:' + money + '\\s*[-–—]+|[-–—]+\\s*' + money + ')$', 'u');
const negative = new RegExp('^(' + money + '?\\s*)\\((.+)\\)(\\s*(?:%|' + money + '))?$', 'u');

/** A number without currencies and percent signs; in brackets it is below 0. */
function bareNumber(cell) {
  const [, start, inside, end = ''] = negative.exec(cell) ?? [];
  const text = (inside === undefined ? cell : '-' + start + inside + end)
    .replace(before, (_, sign) => (sign === '−' || sign === '–' ? '-' : sign));
  const unit = unitBehind.exec(text.slice(-8))?.[0].length ?? 0;
  const left = unit === 0 ? text : text.slice(0, -unit).trimEnd();
  const dash = dashBehind.exec(left.slice(-8))?.[0].length ?? 0;
  return left.slice(0, left.length - dash);
}

/** A number, perhaps with separators between thousands, a currency, a percent sign, brackets for minus. */
function numberIn(cell) {
  if (typeof cell === 'number') return cell;
  if (cell === null) return NaN;
  const plain = comma && cell.includes('.') ? NaN : plainNumber(cell);
  if (!Number.isNaN(plain)) return plain;
  if (!/\d/.test(cell)) return cell.length <= 8 && nothing.test(cell) ? 0 : NaN;
  if (cell.includes(' day')) return spanSeconds(cell);
  const bare = bareNumber(cell);
  const grouped = (
    comma
      ? /^([+-]?[1-9]\d{0,2}(?:([.'’ \u00a0\u2007\u2009\u202f])\d{3})(?:\2\d{3})*)((?:,\d*)?(?:e[+-]?\d+)?)$/i
      : /^([+-]?[1-9](?:\d{0,2}(?:([,'’ \u00a0\u2007\u2009\u202f])\d{3})(?:\2\d{3})*|\d?(?:,\d{2})+,\d{3}))((?:\.\d*)?(?:e[+-]?\d+)?)$/i
  ).exec(bare);
  const digits = grouped ? grouped[1].replaceAll(grouped[2] ?? ',', '') + grouped[3] : bare;
  if (!comma) return /\d/.test(digits) ? plainNumber(digits) : NaN;
  return /^[+-]?(?:\d+(?:,\d*)?|,\d+)(?:e[+-]?\d+)?$/i.test(digits) ? Number(digits.replace(',', '.')) : NaN;
}

/** A span of time as pandas writes it, '1 days 02:03:04'. */
function spanSeconds(cell) {
  const span = /^(-?\d+) days?(?: \+?(\d{2}):(\d{2}):(\d{2}(?:\.\d{1,9})?))?$/;
  const [, days, hours = '0', minutes = '0', seconds = '0'] = span.exec(cell) ?? [];
  if (days === undefined) return NaN;
  return Number(days) * 86400 + (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds));
}

/** Words that mean no and yes where there is nothing else. */
const pairs = [
${BOOLEAN_PAIRS.map((pair) => `  ${pair},`).join('\n')}
];

/** Where a cell's category is: as it is written, true and false in any case, or as a number. */
function categoryOf(cell, categories) {
  const listed = categories.indexOf(String(cell));
  if (listed >= 0 || cell === null) return listed;
  const words =
    (categories.length > 1 &&
      pairs.find((pair) => categories.every((one) => pair.test(one)))) ||
    /^(?:true|false|yes|no)$/i;
  const isWord = (text) => words.test(text);
  if (isWord(String(cell))) {
    const small = String(cell).toLowerCase();
    return categories.findLastIndex((one) => isWord(one) && one.toLowerCase() === small);
  }
  const number = numberIn(cell);
  return Number.isNaN(number) ? -1 : categories.indexOf(String(number + 0));
}
`;

/** Finds a column where a name has points, as objects in JSON's rows become columns. */
const MEMBER = `
/** What a column is called in a row, also where it is a member of a member: place.lat; of one that is null, null. */
function memberOf(row, name) {
  if (Object.hasOwn(row, name)) return row[name];
  let members = row;
  let from = 0;
  for (let dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
    const key = name.slice(from, dot);
    const inner = Object.hasOwn(members, key) ? members[key] : undefined;
    if (inner === null) return null;
    if (typeof inner !== 'object' || inner instanceof Date) continue;
    members = inner;
    from = dot + 1;
    const rest = name.slice(from);
    if (Object.hasOwn(members, rest)) return members[rest];
  }
  return undefined;
}
`;

const ROW = (dates: boolean, nested: boolean): string => `
/**
 * The features of one row, an object with a member for each column: { name: value }, null where a
 * value is missing. A category is one feature for each that the column has: 1 for the row's own,
 * else 0; one that was never seen in training is all 0.
 *
 * @param {Readonly<Record<string, unknown>>} row
 * @returns {number[]}
 */
export function features(row) {
  return columns.flatMap((column) => {
    const value = ${nested ? 'memberOf(row, column.name)' : 'Object.hasOwn(row, column.name) ? row[column.name] : undefined'};
    const isCell = value === null || typeof value !== 'object' || value instanceof Date;
    const features = value === undefined || !isCell ? null : columnFeatures(value, column);
    if (features?.every(Number.isFinite)) return features;
    throw new TypeError(column.name + ': expected a value as in training, received ' + String(value));
  });
}

function columnFeatures(value, column) {
${dates ? '  if (column.date) return dateFeatures(value, column);\n' : ''}\
  const { categories, other, offset = 0, missing: flag, median } = column;
  const cell = cellOf(value);
  if (categories === null) {
    const number = numberIn(cell);
    if (!Number.isNaN(number)) return [fround(number - offset), ...(flag ? [0] : [])];
    return isMissing(cell) ? [median ?? 0, ...(flag ? [1] : [])] : null;
  }
  const own = categoryOf(cell, categories);
  const isEmpty = own < 0 && isMissing(cell);
  return [
    ...categories.map((_, index) => Number(index === own)),
    ...(other ? [Number(own < 0 && !isEmpty)] : []),
    ...(flag ? [Number(isEmpty)] : []),
  ];
}
`;

/**
 * @param dates whether there are columns of dates
 * @param nested whether a column may be a member of an object in a row: its name has a point
 */
export function featuresSource(dates: boolean, nested: boolean): string {
  const parts = [CELLS, ...(dates ? [DATES] : []), ...(nested ? [MEMBER] : [])];
  return [...parts, ROW(dates, nested)].join('').trimStart();
}
