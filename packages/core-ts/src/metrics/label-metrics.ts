import { atOnce, type Pieces } from '../turns.js';
import { type ClassMetrics, measuringClasses } from './class-metrics.js';

/** How good a yes or no is, by scikit-learn's definitions; null as in `ClassMetrics`. */
export interface LabelMetrics extends Omit<ClassMetrics, 'macroF1'> {
  /** 2·right ÷ (labelled + predicted) of yes; 0 where there is none of them. */
  readonly f1: number;
}

/** The means over the labels of what each has, and how often all labels of a sample are right. */
export interface MultiLabelMetrics extends ClassMetrics {
  readonly subsetAccuracy: number;
}

/**
 * Yes is said where its probability is above ½.
 *
 * @param truth `[samples, labels]`, 0 or 1
 * @param probabilities `[samples, labels]`
 * @returns one a label
 */
export function labelMetrics(
  truth: Float32Array,
  probabilities: Float32Array,
  labels: number,
): LabelMetrics[] {
  return atOnce(measuringLabels(truth, probabilities, labels));
}

/** The same in pieces, a label in several. */
export function* measuringLabels(
  truth: Float32Array,
  probabilities: Float32Array,
  labels: number,
): Pieces<LabelMetrics[]> {
  const samples = truth.length / labels;
  const all: LabelMetrics[] = [];
  for (let label = 0; label < labels; label += 1) {
    const flags = new Uint32Array(samples);
    const both = new Float32Array(2 * samples);
    let [right, told] = [0, 0];
    for (let sample = 0; sample < samples; sample += 1) {
      const probability = probabilities[sample * labels + label]!;
      const flag = truth[sample * labels + label]!;
      flags[sample] = flag;
      both[2 * sample] = 1 - probability;
      both[2 * sample + 1] = probability;
      const saysYes = Number(probability > 0.5);
      right += flag * saysYes;
      told += flag + saysYes;
    }
    yield;
    const { accuracy, balancedAccuracy, rocAuc, averagePrecision } = yield* measuringClasses(
      flags,
      both,
      2,
    );
    const f1 = told === 0 ? 0 : (2 * right) / told;
    all.push({ accuracy, balancedAccuracy, f1, rocAuc, averagePrecision });
  }
  return all;
}

/** @param each what `labelMetrics` gives for the same samples */
export function multiLabelMetrics(
  truth: Float32Array,
  probabilities: Float32Array,
  each: readonly LabelMetrics[],
): MultiLabelMetrics {
  const labels = each.length;
  const mean = (name: keyof LabelMetrics): number | null => {
    const values = each.map((one) => one[name]).filter((value) => value !== null);
    return values.length === 0
      ? null
      : values.reduce((sum, value) => sum + value, 0) / values.length;
  };
  let right = 0;
  for (let start = 0; start < truth.length; start += labels) {
    const isRight = each.every(
      (_, label) => Number(probabilities[start + label]! > 0.5) === truth[start + label],
    );
    right += Number(isRight);
  }
  return {
    accuracy: mean('accuracy')!,
    balancedAccuracy: mean('balancedAccuracy')!,
    macroF1: mean('f1')!,
    rocAuc: mean('rocAuc'),
    averagePrecision: mean('averagePrecision'),
    subsetAccuracy: (right * labels) / truth.length,
  };
}
