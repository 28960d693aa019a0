/**
 * How good predictions of numbers are, in the numbers' own units; of several outputs, the means over
 * the outputs.
 */
export interface NumberMetrics {
  /** 1 − Σ(error²) ÷ Σ(deviation from the mean)²; null where an output never changes. */
  readonly r2: number | null;
  /** √(Σ error² ÷ n). */
  readonly rmse: number;
  /** Σ |error| ÷ n. */
  readonly mae: number;
}

/**
 * @param truth `[samples, width]`
 * @param predicted `[samples, width]`
 */
export function numberMetrics(
  truth: Float32Array,
  predicted: Float32Array | Float64Array,
  width: number,
): NumberMetrics {
  const columns = Array.from({ length: width }, (_, column) =>
    columnMetrics(truth, predicted, width, column),
  );
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / width;
  const shares = columns.map(({ r2 }) => r2).filter((r2) => r2 !== null);
  return {
    r2: shares.length < width ? null : mean(shares),
    rmse: mean(columns.map(({ rmse }) => rmse)),
    mae: mean(columns.map(({ mae }) => mae)),
  };
}

/** Those of one output. */
export function columnMetrics(
  truth: Float32Array,
  predicted: Float32Array | Float64Array,
  width: number,
  column: number,
): NumberMetrics {
  const samples = truth.length / width;
  let total = 0;
  for (let at = column; at < truth.length; at += width) total += truth[at]!;
  const mean = total / samples;
  let [squares, absolutes, deviations] = [0, 0, 0];
  for (let at = column; at < truth.length; at += width) {
    const error = predicted[at]! - truth[at]!;
    squares += error * error;
    absolutes += Math.abs(error);
    deviations += (truth[at]! - mean) * (truth[at]! - mean);
  }
  return {
    r2: deviations === 0 ? null : 1 - squares / deviations,
    rmse: Math.sqrt(squares / samples),
    mae: absolutes / samples,
  };
}
