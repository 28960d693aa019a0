import { atOnce, ITEMS_A_PIECE, type Pieces, stretches } from '../turns.js';

/** Each feature's (or target's) mean and standard deviation over the training samples, `[features]`. */
export interface Standardization {
  readonly mean: Float32Array;
  readonly deviation: Float32Array;
}

/**
 * Measures the training samples in binary64, in their order (contract, rule 8): the mean, then
 * `√(Σ(x − mean)² ÷ n)`, each rounded once. A feature that never changes gets a deviation of 1.
 *
 * @param inputs `[samples, features]`
 * @param train indices of the training samples
 * @param keepsFlags whether features that are only ever 0 or 1 stay as they are (mean 0, deviation 1)
 */
export function measure(
  inputs: Float32Array,
  features: number,
  train: Uint32Array,
  keepsFlags = false,
): Standardization {
  return atOnce(measuring(inputs, features, train, keepsFlags));
}

/** The same in pieces. */
export function* measuring(
  inputs: Float32Array,
  features: number,
  train: Uint32Array,
  keepsFlags = false,
): Pieces<Standardization> {
  const means = new Float64Array(features);
  const squares = new Float64Array(features);
  const isFlag = new Uint8Array(features).fill(1);
  const rows = Math.ceil(ITEMS_A_PIECE / features);
  for (const [begin, end] of stretches(train.length, rows)) {
    addRows(inputs, features, train.subarray(begin, end), means, isFlag);
    if (end < train.length) yield;
  }
  for (let j = 0; j < features; j += 1) means[j] = means[j]! / train.length;
  for (const [begin, end] of stretches(train.length, rows)) {
    addSquares(inputs, features, train.subarray(begin, end), means, squares);
    if (end < train.length) yield;
  }
  const deviation = Float32Array.from(squares, (sum) => Math.sqrt(sum / train.length)).map(
    (value) => (value === 0 ? 1 : value),
  );
  const mean = Float32Array.from(means);
  for (let j = 0; keepsFlags && j < features; j += 1) {
    if (isFlag[j] === 0) continue;
    mean[j] = 0;
    deviation[j] = 1;
  }
  return { mean, deviation };
}

/** Adds samples up, and notes which features are not only ever 0 or 1. */
function addRows(
  inputs: Float32Array,
  features: number,
  samples: Uint32Array,
  sums: Float64Array,
  isFlag: Uint8Array,
): void {
  for (const sample of samples) {
    for (let j = 0; j < features; j += 1) {
      const value = inputs[sample * features + j]!;
      sums[j] = sums[j]! + value;
      if (value !== 0 && value !== 1) isFlag[j] = 0;
    }
  }
}

function addSquares(
  inputs: Float32Array,
  features: number,
  samples: Uint32Array,
  means: Float64Array,
  squares: Float64Array,
): void {
  for (const sample of samples) {
    for (let j = 0; j < features; j += 1) {
      const difference = inputs[sample * features + j]! - means[j]!;
      squares[j] = squares[j]! + difference * difference;
    }
  }
}

/**
 * Writes `(input − mean) ÷ deviation`, in binary32, feature by feature.
 *
 * @param inputs `[rows, features]`
 * @param out `[rows, features]`, may be `inputs`
 */
export function standardize(
  inputs: Float32Array,
  { mean, deviation }: Standardization,
  out: Float32Array,
): void {
  const features = mean.length;
  for (let row = 0; row < inputs.length; row += features) {
    for (let j = 0; j < features; j += 1) {
      out[row + j] = Math.fround(inputs[row + j]! - mean[j]!) / deviation[j]!;
    }
  }
}

/**
 * Undoes `standardize` in place: `output · deviation + mean`, in binary32, each operation rounded.
 *
 * @param outputs `[rows, outputs]`
 */
export function restore(outputs: Float32Array, { mean, deviation }: Standardization): void {
  const width = mean.length;
  for (let row = 0; row < outputs.length; row += width) {
    for (let j = 0; j < width; j += 1) {
      outputs[row + j] = Math.fround(outputs[row + j]! * deviation[j]!) + mean[j]!;
    }
  }
}

/**
 * What a mean squared error of standardised targets is multiplied by (in binary64) to be in the
 * target's own unit, squared. Several targets have several units: their error stays as it is, a
 * share of their variance.
 */
export function lossUnit(targets: Standardization | null | undefined): number {
  return targets?.deviation.length === 1 ? targets.deviation[0]! * targets.deviation[0]! : 1;
}
