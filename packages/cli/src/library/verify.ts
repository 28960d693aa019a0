import {
  decodeCheckpoint,
  type Progress,
  type SavedModel,
  type Verification,
  verify as verifyReceipt,
} from '@bitgrad/core';
import { type BackendChoice, backendOf } from './backend.js';
import { type Data, datasetOf } from './data.js';
import { loadOptionsAgain } from './like.js';
import { Model } from './model.js';

/** How to verify. */
export interface VerifyOptions {
  /** `auto`, the fastest that runs here, if left out; any gives the same verdict. */
  readonly backend?: BackendChoice;
  /** The model whose weights the training began with, if it did. */
  readonly start?: Model<unknown> | SavedModel;
  /** The bytes of a checkpoint to begin after, instead of from the start. */
  readonly checkpoint?: Uint8Array;
  /** The last epoch to train again, counted from 1; all if left out. */
  readonly lastEpoch?: number;
  /** Called after every epoch that gave the receipt's digests. */
  readonly onEpoch?: (epoch: number, weightsSha256: string) => void;
  readonly onProgress?: (progress: Progress) => void;
  /** Ends it between two steps with an AbortedError. */
  readonly signal?: AbortSignal;
}

/**
 * Trains again by a model's receipt, and says whether every epoch's digests and all else in the receipt
 * come out, or what differs first.
 *
 * @param data those of the training, as they were given to `train`
 * @throws BitgradError if the data are not those of the receipt, or the checkpoint is not of its
 *   training
 */
export async function verify(
  model: Model<unknown> | SavedModel,
  data: Data,
  options: VerifyOptions = {},
): Promise<Verification> {
  const saved = model instanceof Model ? model.saved : model;
  const { start, checkpoint, lastEpoch, onEpoch, onProgress, signal } = options;
  return verifyReceipt({
    receipt: saved.receipt,
    dataset: await datasetOf(data, loadOptionsAgain(saved)),
    backend: await backendOf(options.backend),
    checkpoint: checkpoint && (await decodeCheckpoint(checkpoint, 'checkpoint')),
    start: start instanceof Model ? start.saved : start,
    lastEpoch,
    onEpoch,
    onProgress,
    signal,
  });
}
