/**
 * The JavaScript source by which an exported module turns a row into features by rules 2: what
 * `encodeRow` of @bitgrad/core does, to the bit. It needs constants `columns`, `comma` and, of dates, `dateOrder`.
 */

const CELLS = String.raw`
const missing = new Set(
  '|?|NA|na|N/A|n/a|NaN|nan|NAN|-NaN|-nan|NULL|Null|null|None|<NA>|#N/A|#N/A N/A|#NA|1.#IND|-1.#IND|1.#QNAN|-1.#QNAN|-|--|.'.split('|'),
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

/** A number, perhaps with separators between thousands, a currency sign or a percent sign. */
function numberIn(cell) {
  if (typeof cell === 'number') return cell;
  if (cell === null) return NaN;
  const plain = comma && cell.includes('.') ? NaN : plainNumber(cell);
  if (!Number.isNaN(plain) || !/\d/.test(cell)) return plain;
  const bare = cell
    .replace(/^(?:\p{Sc}\s*)?([-+−]?)\s*(?:\p{Sc}\s*)?/u, (_, sign) => (sign === '−' ? '-' : sign))
    .replace(/\s*(?:%|\p{Sc})$/u, '');
  const grouped = (
    comma
      ? /^([+-]?\d{1,3}(?:([.'’ \u00a0\u202f])\d{3})(?:\2\d{3})*)((?:,\d*)?(?:e[+-]?\d+)?)$/i
      : /^([+-]?\d{1,3}(?:([,'’ \u00a0\u202f])\d{3})(?:\2\d{3})*)((?:\.\d*)?(?:e[+-]?\d+)?)$/i
  ).exec(bare);
  const digits = grouped ? grouped[1].replaceAll(grouped[2], '') + grouped[3] : bare;
  if (!comma) return /\d/.test(digits) ? plainNumber(digits) : NaN;
  return /^[+-]?(?:\d+,?\d*|,\d+)(?:e[+-]?\d+)?$/i.test(digits) ? Number(digits.replace(',', '.')) : NaN;
}

/** Where a cell's category is: as it is written, true and false in any case, or as a number. */
function categoryOf(cell, categories) {
  const listed = categories.indexOf(String(cell));
  if (listed >= 0 || cell === null) return listed;
  const isWord = (text) => /^(?:true|false|yes|no)$/i.test(text);
  if (isWord(String(cell))) {
    const small = String(cell).toLowerCase();
    return categories.findLastIndex((one) => isWord(one) && one.toLowerCase() === small);
  }
  const number = numberIn(cell);
  return Number.isNaN(number) ? -1 : categories.indexOf(String(number + 0));
}
`;

const DATES = String.raw`
/** A date that begins with the day or the month, as ISO 8601 has it; any other text as it is. */
function standardDate(text) {
  if (dateOrder === null) return text;
  const found =
    /^(?:(\d{1,2})([./-])(\d{1,2})\2(\d{4})|(\d{4})([./])(\d{1,2})\6(\d{1,2}))(?:(?:[T ]|, ?)(\d{1,2}:\d{2}(?::\d{2})?))?$/.exec(text);
  if (found === null) return text;
  const [first, second] = dateOrder === 'day' ? [found[1], found[3]] : [found[3], found[1]];
  const day = (found[8] ?? first).padStart(2, '0');
  const month = (found[7] ?? second).padStart(2, '0');
  const time = found[9] ? ' ' + (found[9].indexOf(':') === 1 ? '0' : '') + found[9] : '';
  return (found[4] ?? found[5]) + '-' + month + '-' + day + time;
}

/** Seconds since 1970 in UTC of a date; null where it is none. */
function secondsOf(value) {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.getTime() / 1000;
  if (typeof value !== 'string') return null;
  const found =
    /^(\d{4})-(\d{2})(?:-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s?(Z|UTC|[+-]\d{2}(?::?\d{2})?)?)?)?$/i.exec(standardDate(value.trim()));
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

const ROW = (dates: boolean): string => `
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
    const value = Object.hasOwn(row, column.name) ? row[column.name] : undefined;
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

/** @param dates whether there are columns of dates */
export function featuresSource(dates: boolean): string {
  return [CELLS, ...(dates ? [DATES] : []), ROW(dates)].join('').trimStart();
}
