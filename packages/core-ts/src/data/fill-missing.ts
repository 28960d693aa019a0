import type { Dataset } from '../dataset.js';
import { atOnce, ITEMS_A_PIECE, type Pieces, stretches } from '../turns.js';
import { type ColumnEncoding, columnWidth, encodedWidth, type TableEncoding } from './encoding.js';

/**
 * Learns from the training samples what stands in for missing numbers, and puts it there: where a
 * number is missing, a table's inputs hold NaN. Other data, tables of 0.1.0's rules among them, come
 * back as they are; where nothing is missing, the inputs are the same memory.
 *
 * @param train indices of the training samples
 */
export function imputeTable(dataset: Dataset, train: Uint32Array): Dataset {
  return atOnce(imputing(dataset, train));
}

/** The same in pieces. */
export function* imputing(dataset: Dataset, train: Uint32Array): Pieces<Dataset> {
  const { encoding, inputs, features } = dataset;
  if (!hasMedians(encoding) || !(inputs instanceof Float32Array)) return dataset;
  const learnt = yield* learnMedians(encoding, inputs, features, train);
  return { ...dataset, encoding: learnt, inputs: yield* fillingMissing(inputs, learnt) };
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
  return atOnce(fillingMissing(inputs, encoding));
}

/** The same in pieces. */
export function* fillingMissing<Inputs extends Uint8Array | Float32Array>(
  inputs: Inputs,
  encoding: TableEncoding | null | undefined,
): Pieces<Inputs> {
  if (!hasMedians(encoding) || !(inputs instanceof Float32Array)) return inputs;
  const medians = mediansOf(encoding);
  let filled: Float32Array | null = null;
  for (const [begin, end] of stretches(inputs.length, ITEMS_A_PIECE)) {
    for (let at = begin; at < end; at += 1) {
      if (!Number.isNaN(inputs[at]!)) continue;
      filled ??= inputs.slice();
      filled[at] = medians[at % medians.length]!;
    }
    if (end < inputs.length) yield;
  }
  return (filled ?? inputs) as Inputs;
}

function hasMedians(encoding: TableEncoding | null | undefined): encoding is TableEncoding {
  return encoding !== null && encoding !== undefined && (encoding.rules ?? 1) > 1;
}

function* learnMedians(
  encoding: TableEncoding,
  inputs: Float32Array,
  features: number,
  train: Uint32Array,
): Pieces<TableEncoding> {
  let next = 0;
  const room = new Float32Array(train.length);
  const columns: ColumnEncoding[] = [];
  for (const column of encoding.columns) {
    const at = next;
    next += columnWidth(column);
    if (column.categories === null) {
      columns.push({ ...column, median: medianOf(inputs, features, at, train, room) });
      yield;
    } else columns.push(column);
  }
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
