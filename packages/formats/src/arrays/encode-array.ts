import {
  type ColumnEncoding,
  encodedWidth,
  RowEncoder,
  TABLE_RULES,
  type TableEncoding,
  type TargetEncoding,
} from '@bitgrad/core';
import { isNear, lossIn, offsetOf } from '../table/offset.js';

/** Samples that binary32 holds once offsets are subtracted, and how. */
export interface EncodedArray {
  /** `[samples, features]` */
  readonly inputs: Float32Array;
  readonly features: number;
  readonly encoding: TableEncoding | undefined;
  /** For people. */
  readonly notes: readonly string[];
}

/**
 * What an array's columns need to become binary32: an offset where different numbers would become one,
 * a feature that says where numbers are missing (NaN). Columns are called by their numbers from 1.
 *
 * @param values `[samples, features]`
 * @param targets of numbers that are learnt, if they need words
 * @param known the encoding that is followed, if one is
 */
export function encodeArray(
  values: Float32Array | Float64Array,
  features: number,
  targets: readonly TargetEncoding[] | undefined,
  known: TableEncoding | undefined,
): EncodedArray {
  const notes: string[] = [];
  const columns = known?.columns ?? columnsOf(values, features, notes);
  const isPlain = columns.every((column) => Object.keys(column).length === 2);
  if (known === undefined && isPlain && targets === undefined) {
    return { inputs: Float32Array.from(values), features, encoding: undefined, notes };
  }
  const encoding = known ?? {
    rules: TABLE_RULES,
    columns,
    label: 'y',
    ...(targets ? { targets } : {}),
  };
  const width = encodedWidth(encoding);
  const encoder = new RowEncoder(encoding, { keepMissing: true });
  const samples = values.length / features;
  const inputs = new Float32Array(samples * width);
  for (let sample = 0; sample < samples; sample += 1) {
    const row = values.subarray(sample * features, (sample + 1) * features);
    encoder.encode(row, inputs, sample * width);
  }
  return { inputs, features: width, encoding, notes };
}

function columnsOf(
  values: Float32Array | Float64Array,
  features: number,
  notes: string[],
): ColumnEncoding[] {
  return Array.from({ length: features }, (_, column) => {
    const name = String(column + 1);
    let [least, most, missing] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
    for (let at = column; at < values.length; at += features) {
      const value = values[at]!;
      if (Number.isNaN(value)) missing += 1;
      if (value < least) least = value;
      if (value > most) most = value;
    }
    const flag: { readonly missing?: true } = missing > 0 ? { missing: true } : {};
    const isWide = values instanceof Float64Array;
    if (!isWide || !isNear(least, most)) {
      const loss = isWide ? lossIn(values, column, features, name) : null;
      if (loss !== null) notes.push(loss);
      return { name, categories: null, ...flag };
    }
    const numbers = new Float64Array(values.length / features - missing);
    let count = 0;
    for (let at = column; at < values.length; at += features) {
      if (Number.isNaN(values[at]!)) continue;
      numbers[count] = values[at]!;
      count += 1;
    }
    const { offset, note } = offsetOf(numbers, least, name);
    if (note !== null) notes.push(note);
    return { name, categories: null, ...(offset === 0 ? {} : { offset }), ...flag };
  });
}
