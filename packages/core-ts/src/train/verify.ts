import type { Backend } from '../backend.js';
import { imputeTable } from '../data/fill-missing.js';
import type { Dataset } from '../dataset.js';
import { BitgradError } from '../errors.js';
import { datasetSha256, inputSha256 } from '../file/digest.js';
import { CONTRACT, type Receipt } from '../file/receipt.js';
import type { Model } from '../network/model.js';
import { checkRecipe } from '../recipe/check-recipe.js';
import type { Checkpoint } from './checkpoint.js';
import { measureTable, standardized } from './prepare.js';
import type { Progress } from './reports.js';
import { throwIfAborted } from './run-pass.js';
import { splitDataset } from './split.js';
import { Training } from './training.js';

export interface VerifyOptions {
  readonly receipt: Receipt;
  readonly dataset: Dataset;
  readonly backend: Backend;
  /** Begins after this checkpoint's epochs instead of from the start. */
  readonly checkpoint?: Checkpoint | undefined;
  /** The model whose weights the training began with, if it did. */
  readonly start?: Model | undefined;
  /** The last epoch to train again, counted from 1; all if left out. */
  readonly lastEpoch?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Called after every epoch that gave the receipt's digest. */
  readonly onEpoch?: ((epoch: number, weightsSha256: string) => void) | undefined;
}

/** What training again found. */
export interface Verification {
  readonly verified: boolean;
  /** The last epoch that was trained again, counted from 1. */
  readonly epochs: number;
  /** As trained again. */
  readonly weightsSha256: string;
  readonly firstMismatch: Mismatch | null;
}

/** Where a receipt first differs from what training again gave. */
export interface Mismatch {
  /** Counted from 1; null where what differs is not an epoch's digest. */
  readonly epoch: number | null;
  /** The receipt's field. */
  readonly field: string;
  readonly expected: unknown;
  readonly received: unknown;
}

/**
 * Trains again by a receipt's recipe and compares every epoch's digest, and at the end every
 * field of the receipt, stopping at the first difference.
 *
 * @throws BitgradError if the data are not those of the receipt, before the first step
 */
export async function verify(options: VerifyOptions): Promise<Verification> {
  const { receipt, dataset, backend, checkpoint, start, signal } = options;
  if (receipt.contract !== CONTRACT) {
    throw new BitgradError(
      `receipt: expected contract version ${CONTRACT}, received ${receipt.contract}`,
    );
  }
  await checkData(receipt, dataset);
  const training = await Training.open(backend, receipt.recipe, dataset, checkpoint, start);
  try {
    const lastEpoch = options.lastEpoch ?? receipt.epochs.length;
    let digest = receipt.epochs[training.epoch - 1] ?? '';
    while (training.epoch < lastEpoch && !training.isDone) {
      throwIfAborted(signal);
      const epoch = training.epoch + 1;
      const { stepsPerEpoch } = training;
      const onProgress = (step: number): void =>
        options.onProgress?.({ epoch, step, stepsPerEpoch });
      const report = await training.runEpoch({ signal, onProgress });
      digest = report.weightsSha256;
      const expected = receipt.epochs[epoch - 1];
      if (digest !== expected) {
        return failed(epoch, { epoch, field: 'epochs', expected, received: digest }, digest);
      }
      options.onEpoch?.(epoch, digest);
    }
    const mismatch =
      options.lastEpoch === undefined || options.lastEpoch >= receipt.epochs.length
        ? compare(receipt, (await training.finish({ signal })).receipt)
        : null;
    if (mismatch) return failed(training.epoch, mismatch, digest);
    return { verified: true, epochs: training.epoch, weightsSha256: digest, firstMismatch: null };
  } finally {
    training.close();
  }
}

function failed(epochs: number, firstMismatch: Mismatch, weightsSha256: string): Verification {
  return { verified: false, epochs, weightsSha256, firstMismatch };
}

/**
 * Data are the receipt's if either digest is: that of the raw bytes, or that of what the network
 * is given.
 */
async function checkData({ dataset: expected, recipe }: Receipt, dataset: Dataset): Promise<void> {
  const raw = dataset.sha256 ?? (await datasetSha256(dataset));
  if (raw === expected.sha256) return;
  const split = splitDataset(dataset, recipe);
  const whole = imputeTable(dataset, split.train);
  const prepared = standardized(whole, measureTable(recipe, whole, split));
  const input = await inputSha256(prepared, recipe.preprocess);
  if (input === expected.inputSha256) return;
  throw new BitgradError(
    `${dataset.name}: expected data with SHA-256 ${expected.sha256}, received ${raw}`,
    `give the data that the receipt names (${expected.name})`,
  );
}

/** The first field in which two receipts differ; the raw data's digest may. */
function compare(expected: Receipt, received: Receipt): Mismatch | null {
  const withoutRaw = (receipt: Receipt): object => ({
    ...receipt,
    // Older receipts lack newer fields of the recipe, which then mean what they always meant.
    recipe: checkRecipe(receipt.recipe),
    dataset: { ...receipt.dataset, sha256: '', name: '' },
  });
  const [a, b] = [withoutRaw(expected), withoutRaw(received)] as Record<string, unknown>[];
  const fields = [...new Set([...Object.keys(a!), ...Object.keys(b!)])];
  const field = fields.find((one) => JSON.stringify(a![one]) !== JSON.stringify(b![one]));
  if (field === undefined) return null;
  return { epoch: null, field, expected: a![field], received: b![field] };
}
