import type { SavedModel } from '@bitgrad/core';

/** How good a model is on samples that it has not learnt from. */
export interface Metrics {
  /** A fraction; null where numbers were learnt, or the training had no test samples. */
  readonly accuracy: number | null;
  readonly loss: number | null;
}

/** What a training's receipt says of its test samples. */
export function metricsOf({ receipt }: SavedModel): Metrics {
  return { accuracy: receipt.testAccuracy, loss: receipt.testLoss };
}
