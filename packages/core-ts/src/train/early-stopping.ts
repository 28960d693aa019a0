/** The best epoch so far, by validation loss. */
export interface Best {
  /** Counted from 1. */
  readonly epoch: number;
  readonly validationLoss: number;
  /** In model order, as they were then. */
  readonly parameters: Float32Array;
}

/**
 * The better of the best epoch and the one just done: only a lower loss is better.
 *
 * @param parameters a copy to keep
 */
export function betterOf(
  best: Best | null,
  epoch: number,
  validationLoss: number,
  parameters: Float32Array,
): Best {
  if (best !== null && best.validationLoss <= validationLoss) return best;
  return { epoch, validationLoss, parameters };
}

/** Whether a training with this patience (null: endless) ends after `epoch`. */
export function isOutOfPatience(
  patience: number | null,
  best: Best | null,
  epoch: number,
): boolean {
  return patience !== null && best !== null && epoch - best.epoch >= patience;
}
