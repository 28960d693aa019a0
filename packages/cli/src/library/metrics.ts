import type { ClassMetrics, NumberMetrics, SavedModel } from '@bitgrad/core';

/** Null where the training had no test samples, or they do not say it. */
type Measures<Measured> = { readonly [Name in keyof Measured]: Measured[Name] | null };

/** Measures that fit what a model says: those of numbers, or of classes. */
type MeasuresOf<Output> = Measures<
  [Output] extends [number | readonly number[]] ? NumberMetrics : ClassMetrics
>;

/** How good a model is on the test samples of its training, which it has not learnt from. */
export type Metrics<Output> = MeasuresOf<Output> & {
  readonly loss: number | null;
  /** Of always saying the commonest class, or the mean. */
  readonly baseline: MeasuresOf<Output>;
};

const CLASS_MEASURES: Measures<ClassMetrics> = {
  accuracy: null,
  balancedAccuracy: null,
  macroF1: null,
  rocAuc: null,
  averagePrecision: null,
};
const NUMBER_MEASURES: Measures<NumberMetrics> = { r2: null, rmse: null, mae: null };

/** What a training's receipt says of its test samples. */
export function metricsOf<Output>({ receipt, recipe }: SavedModel): Metrics<Output> {
  const isRegression = recipe.loss === 'squared-error';
  const none = isRegression ? NUMBER_MEASURES : CLASS_MEASURES;
  return {
    ...none,
    // All that receipts of version 0.1.0 have.
    ...(isRegression ? {} : { accuracy: receipt.testAccuracy }),
    ...receipt.metrics,
    loss: receipt.testLoss,
    baseline: { ...none, ...receipt.baseline },
  } as unknown as Metrics<Output>;
}
