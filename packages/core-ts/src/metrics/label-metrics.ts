import { type ClassMetrics, classMetrics } from './class-metrics.js';

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
  const samples = truth.length / labels;
  return Array.from({ length: labels }, (_, label) => {
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
    const { accuracy, balancedAccuracy, rocAuc, averagePrecision } = classMetrics(flags, both, 2);
    const f1 = told === 0 ? 0 : (2 * right) / told;
    return { accuracy, balancedAccuracy, f1, rocAuc, averagePrecision };
  });
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
