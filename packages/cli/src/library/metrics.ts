import {
  type ClassMetrics,
  type MultiLabelMetrics,
  type NumberMetrics,
  type SavedModel,
  type Task,
  taskOf,
} from '@bitgrad/core';
import type { LabelsPrediction } from './model.js';

/** Null where the training had no test samples, or they do not say it. */
type Measures<Measured> = { readonly [Name in keyof Measured]: Measured[Name] | null };

/** Measures that fit what a model says: those of numbers, or of classes. */
type MeasuresOf<Output> = Measures<
  [Output] extends [number | readonly number[]]
    ? NumberMetrics
    : [Output] extends [LabelsPrediction]
      ? MultiLabelMetrics
      : ClassMetrics
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
const LABEL_MEASURES: Measures<MultiLabelMetrics> = { ...CLASS_MEASURES, subsetAccuracy: null };
const NUMBER_MEASURES: Measures<NumberMetrics> = { r2: null, rmse: null, mae: null };

const MEASURES: Readonly<Record<Task, object>> = {
  classification: CLASS_MEASURES,
  'multi-label': LABEL_MEASURES,
  regression: NUMBER_MEASURES,
};

/** What a training's receipt says of its test samples. */
export function metricsOf<Output>({ receipt, recipe }: SavedModel): Metrics<Output> {
  const task = taskOf(recipe);
  const none = MEASURES[task];
  return {
    ...none,
    // All that receipts of version 0.1.0 have.
    ...(task === 'classification' ? { accuracy: receipt.testAccuracy } : {}),
    ...receipt.metrics,
    loss: receipt.testLoss,
    baseline: { ...none, ...receipt.baseline },
  } as unknown as Metrics<Output>;
}
