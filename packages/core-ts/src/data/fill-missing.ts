import type { Dataset } from '../dataset.js';
import { type ColumnEncoding, columnWidth, encodedWidth, type TableEncoding } from './encoding.js';

/**
 * Learns from the training samples what stands in for missing numbers, and puts it there: where a
 * number is missing, a table's inputs hold NaN. Other data, tables of 0.1.0's rules among them, come
 * back as they are; where nothing is missing, the inputs are the same memory.
 *
 * @param train indices of the training samples
 */
export function imputeTable(dataset: Dataset, train: Uint32Array): Dataset {
  const { encoding, inputs, features } = dataset;
  if (!hasMedians(encoding) || !(inputs instanceof Float32Array)) return dataset;
  const learnt = learnMedians(encoding, inputs, features, train);
  return { ...dataset, encoding: learnt, inputs: fillMissing(inputs, learnt) };
}

/**
 * Puts the encoding's medians where numbers are missing (NaN).
 *
 * @param inputs `[rows, features]`
 * @returns `inputs` itself where nothing is missing, else a copy
 */
export function fillMissing<Inputs extends Uint8Array | Float32Array>(
  inputs: Inputs,
  encoding: TableEncoding | null | undefined,
): Inputs {
  if (!hasMedians(encoding) || !(inputs instanceof Float32Array)) return inputs;
  let first = 0;
  while (first < inputs.length && !Number.isNaN(inputs[first]!)) first += 1;
  if (first === inputs.length) return inputs;
  const medians = mediansOf(encoding);
  const filled = inputs.slice();
  for (let at = first; at < filled.length; at += 1) {
    if (Number.isNaN(filled[at]!)) filled[at] = medians[at % medians.length]!;
  }
  return filled as Inputs;
}

function hasMedians(encoding: TableEncoding | null | undefined): encoding is TableEncoding {
  return encoding !== null && encoding !== undefined && (encoding.rules ?? 1) > 1;
}

function learnMedians(
  encoding: TableEncoding,
  inputs: Float32Array,
  features: number,
  train: Uint32Array,
): TableEncoding {
  let next = 0;
  const room = new Float32Array(train.length);
  const columns = encoding.columns.map((column): ColumnEncoding => {
    const at = next;
    next += columnWidth(column);
    return column.categories === null
      ? { ...column, median: medianOf(inputs, features, at, train, room) }
      : column;
  });
  return { ...encoding, columns };
}

/**
 * The median of a feature's values that are not missing: the middle one, or the mean of the two in
 * the middle in binary64, rounded once. 0 where all are missing.
 *
 * @param values room for as many as there are training samples
 */
function medianOf(
  inputs: Float32Array,
  features: number,
  feature: number,
  train: Uint32Array,
  values: Float32Array,
): number {
  let count = 0;
  for (const sample of train) {
    const value = inputs[sample * features + feature]!;
    if (Number.isNaN(value)) continue;
    values[count] = value;
    count += 1;
  }
  if (count === 0) return 0;
  const sorted = values.subarray(0, count).sort();
  const middle = count >> 1;
  return count % 2 === 1
    ? sorted[middle]! + 0
    : Math.fround((sorted[middle - 1]! + sorted[middle]!) / 2) + 0;
}

/** `[features]`; NaN for features that are never missing. */
function mediansOf(encoding: TableEncoding): Float32Array {
  const medians = new Float32Array(encodedWidth(encoding)).fill(Number.NaN);
  let at = 0;
  for (const column of encoding.columns) {
    if (column.categories === null) medians[at] = column.median ?? Number.NaN;
    at += columnWidth(column);
  }
  return medians;
}
