import type { SchemaTree } from 'hyparquet';

/** What a column holds. */
export type ColumnKind = 'number' | 'text' | 'boolean' | 'date' | 'time' | 'image' | 'other';

/** A column of the table that a Parquet file holds. */
export interface ParquetColumn {
  readonly name: string;
  readonly kind: ColumnKind;
  /** What an `other` column holds, for errors. */
  readonly description: string;
  /** Of a `time` column: how many of its units are a second. */
  readonly perSecond: number;
}

const INTEGERS: readonly (string | undefined)[] = ['INT32', 'INT64'];
const NUMBERS = [...INTEGERS, 'FLOAT', 'DOUBLE'];

/** The columns of a schema. */
export function columnsOf({ children }: SchemaTree): ParquetColumn[] {
  return children.map((column) => ({
    name: column.element.name,
    kind: kindOf(column),
    description: describe(column),
    perSecond: perSecondOf(column),
  }));
}

function kindOf(column: SchemaTree): ColumnKind {
  const { element, children } = column;
  if (element.repetition_type === 'REPEATED') return 'other';
  if (children.length > 0) return children.some(isImageBytes) ? 'image' : 'other';
  const logical = element.logical_type?.type;
  const { type, converted_type: converted } = element;
  if (type === 'BOOLEAN') return 'boolean';
  if (logical === 'FLOAT16' || logical === 'DECIMAL' || converted === 'DECIMAL') return 'number';
  if (type === 'INT96') return 'date';
  const isMoment = logical === 'TIMESTAMP' || converted?.startsWith('TIMESTAMP_') === true;
  const isDate = logical === 'DATE' || converted === 'DATE' || isMoment;
  if (isDate || logical === 'TIME' || converted?.startsWith('TIME_') === true) {
    if (!INTEGERS.includes(type)) return 'other';
    return isDate ? 'date' : 'time';
  }
  // pandas writes a column without any value so.
  if (logical === 'NULL') return 'number';
  if (NUMBERS.includes(type)) return isPlainNumber(logical, converted) ? 'number' : 'other';
  if (type !== 'BYTE_ARRAY') return 'other';
  if (logical === 'STRING' || logical === 'ENUM' || converted === 'UTF8' || converted === 'ENUM') {
    return 'text';
  }
  return logical === undefined && converted === undefined && element.name === 'image'
    ? 'image'
    : 'other';
}

function perSecondOf({
  element: { logical_type: logical, converted_type: converted },
}: SchemaTree) {
  const unit = logical?.type === 'TIME' ? logical.unit : undefined;
  if (unit === 'NANOS') return 1e9;
  return unit === 'MICROS' || converted === 'TIME_MICROS' ? 1e6 : 1e3;
}

/** The field `bytes` of the structs in which data hubs publish images. */
function isImageBytes({ element, children }: SchemaTree): boolean {
  return (
    element.name === 'bytes' &&
    element.type === 'BYTE_ARRAY' &&
    element.repetition_type !== 'REPEATED' &&
    children.length === 0
  );
}

function isPlainNumber(logical: string | undefined, converted: string | undefined): boolean {
  const isInteger = converted === undefined || /^U?INT_\d+$/.test(converted);
  return isInteger && (logical === undefined || logical === 'INTEGER');
}

function describe({ element, children }: SchemaTree): string {
  if (children.length > 0) return 'a structure';
  return String(element.logical_type?.type ?? element.converted_type ?? element.type);
}
