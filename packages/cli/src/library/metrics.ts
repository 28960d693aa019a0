import type { ClassMetrics, Metrics as Measures, NumberMetrics, SavedModel } from '@bitgrad/core';

/** How good a model is on samples that it has not learnt from; nothing is there without such samples. */
export interface Metrics extends Partial<Omit<ClassMetrics, 'accuracy'>>, Partial<NumberMetrics> {
  /** A fraction; null where numbers were learnt, or the training had no test samples. */
  readonly accuracy: number | null;
  readonly loss: number | null;
  /** What always saying the commonest class, or the mean, scores on them. */
  readonly baseline?: Measures | undefined;
}

/** What a training's receipt says of its test samples. */
export function metricsOf({ receipt }: SavedModel): Metrics {
  const { metrics, baseline, testAccuracy, testLoss } = receipt;
  return {
    ...metrics,
    accuracy: testAccuracy,
    loss: testLoss,
    ...(baseline && { baseline }),
  };
}
