import { largestAt } from '../data/prediction.js';
import { atOnce, ITEMS_A_PIECE, type Pieces, stretches } from '../turns.js';
import { type Ranking, rank } from './rank.js';

/**
 * How good predictions of classes are, by scikit-learn's definitions; fractions from 0 to 1. Null
 * where the samples do not say it: areas need samples that are of a class and samples that are not.
 */
export interface ClassMetrics {
  readonly accuracy: number;
  /** The mean over the classes that occur of the share of their samples that is found. */
  readonly balancedAccuracy: number;
  /** The mean over the classes that occur or are predicted of 2·right ÷ (labelled + predicted). */
  readonly macroF1: number;
  /** The area under the ROC curve: of two classes, of the second; else the mean of each against the rest. */
  readonly rocAuc: number | null;
  /** The mean precision over the recall's steps, likewise. */
  readonly averagePrecision: number | null;
}

/**
 * @param truth `[samples]`
 * @param probabilities `[samples, classes]`
 */
export function classMetrics(
  truth: Uint32Array,
  probabilities: Float32Array,
  classes: number,
): ClassMetrics {
  return atOnce(measuringClasses(truth, probabilities, classes));
}

/** The same in pieces, a class in each. */
export function* measuringClasses(
  truth: Uint32Array,
  probabilities: Float32Array,
  classes: number,
): Pieces<ClassMetrics> {
  const labelled = new Float64Array(classes);
  const predicted = new Float64Array(classes);
  const right = new Float64Array(classes);
  for (const [begin, end] of stretches(truth.length, ITEMS_A_PIECE)) {
    for (let row = begin; row < end; row += 1) {
      const label = truth[row]!;
      const prediction = largestAt(probabilities.subarray(row * classes, (row + 1) * classes));
      labelled[label]! += 1;
      predicted[prediction]! += 1;
      if (prediction === label) right[label]! += 1;
    }
    yield;
  }
  const all = Array.from({ length: classes }, (_, index) => index);
  const occurring = all.filter((label) => labelled[label]! > 0);
  const told = all.filter((label) => labelled[label]! + predicted[label]! > 0);
  const areas: Ranking[] = [];
  for (const label of classes === 2 ? [1] : occurring) {
    if (labelled[label] === 0 || labelled[label] === truth.length) continue;
    areas.push(rank(truth, probabilities, classes, label));
    yield;
  }
  return {
    accuracy: right.reduce((sum, count) => sum + count, 0) / truth.length,
    balancedAccuracy: mean(occurring.map((label) => right[label]! / labelled[label]!))!,
    macroF1: mean(
      told.map((label) => (2 * right[label]!) / (labelled[label]! + predicted[label]!)),
    )!,
    rocAuc: mean(areas.map(({ rocAuc }) => rocAuc)),
    averagePrecision: mean(areas.map(({ averagePrecision }) => averagePrecision)),
  };
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
