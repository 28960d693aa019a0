import type { Dataset } from '../dataset.js';
import type { Task } from '../network/network.js';
import { atOnce, type Pieces } from '../turns.js';
import { type ClassMetrics, measuringClasses } from './class-metrics.js';
import {
  type LabelMetrics,
  type MultiLabelMetrics,
  measuringLabels,
  multiLabelMetrics,
} from './label-metrics.js';
import { columnMetrics, type NumberMetrics, numberMetrics } from './number-metrics.js';

/** How good predictions are, by several measures; which ones, the target decides. */
export type Metrics = ClassMetrics | MultiLabelMetrics | NumberMetrics;

/** Measures of a model on some samples, and of a guess that knows no features. */
export interface Scores {
  readonly metrics: Metrics;
  /** Of always saying the commonest class (of each label, the commoner answer), or the mean, of these very samples. */
  readonly baseline: Metrics;
  /** The same of each target, where there are several. */
  readonly targets?: readonly TargetScores[];
}

export interface TargetScores {
  readonly metrics: LabelMetrics | NumberMetrics;
  readonly baseline: LabelMetrics | NumberMetrics;
}

/**
 * Measures predictions in binary64, in the order of the samples.
 *
 * @param indices of the samples; at least one
 * @param outputs `[samples, classes]` probabilities, or `[samples, outputs]` numbers or
 *   probabilities of yes
 * @param task what the network learnt; if left out, numbers where the data set has `values`, else classes
 */
export function scoresOf(
  dataset: Dataset,
  indices: Uint32Array,
  outputs: Float32Array,
  task?: Task,
): Scores {
  return atOnce(scoring(dataset, indices, outputs, task));
}

/** The same in pieces. */
export function* scoring(
  { labels, classes, values }: Dataset,
  indices: Uint32Array,
  outputs: Float32Array,
  task?: Task,
): Pieces<Scores> {
  if (values === undefined) {
    const truth = indices.map((index) => labels[index]!);
    const guess = new Float32Array(outputs.length);
    const commonest = commonestOf(truth, classes);
    for (let row = 0; row < truth.length; row += 1) guess[row * classes + commonest] = 1;
    yield;
    return {
      metrics: yield* measuringClasses(truth, outputs, classes),
      baseline: yield* measuringClasses(truth, guess, classes),
    };
  }
  const width = outputs.length / indices.length;
  const truth = new Float32Array(outputs.length);
  for (const [row, index] of indices.entries()) {
    truth.set(values.subarray(index * width, (index + 1) * width), row * width);
  }
  yield;
  return task === 'multi-label'
    ? yield* labelScores(truth, outputs, width)
    : yield* numberScores(truth, outputs, width);
}

function* numberScores(truth: Float32Array, outputs: Float32Array, width: number): Pieces<Scores> {
  const means = meansOf(truth, width);
  yield;
  const metrics = numberMetrics(truth, outputs, width);
  yield;
  const scores = { metrics, baseline: numberMetrics(truth, means, width) };
  if (width === 1) return scores;
  yield;
  const targets = Array.from({ length: width }, (_, column) => ({
    metrics: columnMetrics(truth, outputs, width, column),
    baseline: columnMetrics(truth, means, width, column),
  }));
  return { ...scores, targets };
}

function* labelScores(truth: Float32Array, outputs: Float32Array, width: number): Pieces<Scores> {
  const guess = Float32Array.from(meansOf(truth, width), (share) => Number(share > 0.5));
  yield;
  const metrics = yield* measuringLabels(truth, outputs, width);
  const baseline = yield* measuringLabels(truth, guess, width);
  return {
    metrics: multiLabelMetrics(truth, outputs, metrics),
    baseline: multiLabelMetrics(truth, guess, baseline),
    ...(width > 1 && {
      targets: metrics.map((own, label) => ({ metrics: own, baseline: baseline[label]! })),
    }),
  };
}

function commonestOf(truth: Uint32Array, classes: number): number {
  const counts = new Array<number>(classes).fill(0);
  for (const label of truth) counts[label] = counts[label]! + 1;
  return counts.indexOf(counts.reduce((most, count) => (count > most ? count : most)));
}

/** The mean of each column, in every row. */
function meansOf(truth: Float32Array, width: number): Float64Array {
  const means = new Float64Array(width);
  for (const [at, value] of truth.entries()) means[at % width] = means[at % width]! + value;
  for (let column = 0; column < width; column += 1) {
    means[column] = means[column]! / (truth.length / width);
  }
  return new Float64Array(truth.length).map((_, at) => means[at % width]!);
}
