import { encodedWidth, TABLE_RULES, type TableEncoding } from './encoding.js';

const PARTS: readonly unknown[] = ['month', 'weekday', 'hour'];

/**
 * Whether a value that was read is an encoding of `features` features, of rules that are known here.
 *
 * @param outputs of the network
 */
export function isEncoding(
  value: unknown,
  features: number,
  outputs: number,
): value is TableEncoding {
  if (!isObject(value)) return false;
  const { rules, columns, label, targets, decimal, dates, missing } = value;
  return (
    (rules === undefined || isCount(rules, 1, TABLE_RULES)) &&
    isText(label) &&
    (decimal === undefined || decimal === ',') &&
    (dates === undefined || dates === 'day' || dates === 'month') &&
    (missing === undefined || missing === 'drop' || missing === 'error') &&
    Array.isArray(columns) &&
    columns.every(isColumn) &&
    (targets === undefined ||
      (Array.isArray(targets) && targets.length === outputs && targets.every(isTarget))) &&
    encodedWidth(value as unknown as TableEncoding) === features
  );
}

function isColumn(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { name, categories, other, offset, date, missing, median } = value;
  return (
    isText(name) &&
    (categories === null || isTexts(categories)) &&
    isOptionalTrue(other) &&
    isOptionalTrue(missing) &&
    isOptionalNumber(offset) &&
    isOptionalNumber(median) &&
    (date === undefined || isDate(date))
  );
}

function isDate(value: unknown): boolean {
  return (
    isObject(value) &&
    (value.unit === 'days' || value.unit === 'seconds') &&
    Array.isArray(value.parts) &&
    value.parts.every((part) => PARTS.includes(part))
  );
}

function isTarget(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { name, offset, categories } = value;
  const areTwo = categories === undefined || (isTexts(categories) && categories.length === 2);
  return isText(name) && isOptionalNumber(offset) && areTwo;
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isTexts = (value: unknown): value is string[] => Array.isArray(value) && value.every(isText);
const isOptionalTrue = (value: unknown): boolean => value === undefined || value === true;
const isOptionalNumber = (value: unknown): boolean => value === undefined || Number.isFinite(value);

function isCount(value: unknown, least: number, most: number): boolean {
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
