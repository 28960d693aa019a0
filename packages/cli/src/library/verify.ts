import {
  BitgradError,
  decodeCheckpoint,
  type Progress,
  type SavedModel,
  type Verification,
  verify as verifyReceipt,
} from '@bitgrad/core';
import { platform } from '#platform';
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

/** How to verify a training in stretches, all at once. */
export interface StretchOptions {
  /** The folder of its checkpoints, `….checkpoint`: each is compared with the receipt first. */
  readonly checkpoints: string;
  /** How many processes work side by side; one a core if left out. */
  readonly jobs?: number;
  /** The server of a queue, whose workers do it instead: `redis://HOST`. Needs `@bitgrad/queue`. */
  readonly queue?: string;
  /** Where the queue's URL holds none. */
  readonly queuePassword?: string;
  /** By name; `auto`, the fastest that runs here, if left out. */
  readonly backend?: 'auto' | 'native' | 'wasm' | 'ts';
  /** The model whose weights the training began with, if it did. */
  readonly start?: Model<unknown> | SavedModel;
  /** Called for every epoch of a stretch that gave the receipt's digests, in any order. */
  readonly onEpoch?: (epoch: number, weightsSha256: string) => void;
  /** Told of what people may want to know of a queue. */
  readonly onNote?: (text: string) => void;
  /** Ends it with an AbortedError. */
  readonly signal?: AbortSignal;
}

/**
 * Trains again by a model's receipt, and says whether every epoch's digests and all else in the receipt
 * come out, or what differs first.
 *
 * With `checkpoints`, stretches are trained again in processes side by side, which together prove the
 * whole training: where one differs, the first of them.
 *
 * @param data those of the training, as they were given to `train`; with `checkpoints` a path
 * @throws BitgradError if the data are not those of the receipt, or the checkpoint is not of its
 *   training
 */
export async function verify(
  model: Model<unknown> | SavedModel,
  data: Data,
  options: VerifyOptions | StretchOptions = {},
): Promise<Verification> {
  const saved = model instanceof Model ? model.saved : model;
  if ('checkpoints' in options) {
    const { start } = options;
    const path = data instanceof URL ? platform.placeOf(data) : data;
    if (typeof path !== 'string') {
      throw new BitgradError(
        'verify: expected with checkpoints the path of data, which other processes read, received data',
      );
    }
    return platform.verifyInParts(
      saved,
      start instanceof Model ? start.saved : start,
      path,
      options,
    );
  }
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
