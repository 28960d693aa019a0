import type { Backend } from '../backend.js';
import { imputing } from '../data/fill-missing.js';
import type { Dataset } from '../dataset.js';
import { BitgradError } from '../errors.js';
import { checkReceipt } from '../file/check-receipt.js';
import { datasetSha256, inputSha256 } from '../file/digest.js';
import { CONTRACT, type Receipt } from '../file/receipt.js';
import type { Model } from '../network/model.js';
import { checkRecipe } from '../recipe/check-recipe.js';
import { inTurns } from '../turns.js';
import { type Checkpoint, checkAgainstReceipt } from './checkpoint.js';
import { measuringTable, standardized } from './prepare.js';
import type { EpochReport, Mismatch, Progress } from './reports.js';
import { type StepGate, throwIfAborted } from './run-pass.js';
import { splitting } from './split.js';
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
  /** Asked between steps; see `PassOptions`. */
  readonly gate?: StepGate | undefined;
  /** Called after every epoch that gave the receipt's digest. */
  readonly onEpoch?: ((epoch: number, weightsSha256: string) => void) | undefined;
}

/** What training again found. */
export interface Verification {
  readonly verified: boolean;
  /** The last epoch that was trained again, counted from 1. */
  readonly epochs: number;
  /** Of that epoch, as trained again: the model's may be of an earlier one. */
  readonly weightsSha256: string;
  readonly firstMismatch: Mismatch | null;
}

/**
 * Trains again by a receipt's recipe and compares every epoch's digests, and at the end every
 * field of the receipt, stopping at the first difference.
 *
 * @throws BitgradError if the data are not those of the receipt, or the checkpoint is not one of its
 *   training (see `checkAgainstReceipt`), before the first step
 */
export async function verify(options: VerifyOptions): Promise<Verification> {
  const { receipt, dataset, backend, checkpoint, start, signal, gate } = options;
  if (receipt.contract !== CONTRACT) {
    throw new BitgradError(
      `receipt: expected contract version ${CONTRACT}, received ${receipt.contract}`,
    );
  }
  checkReceipt(receipt, 'verify');
  if (checkpoint) await checkAgainstReceipt(checkpoint, receipt, 'checkpoint');
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
      const report = await training.runEpoch({ signal, onProgress, gate });
      digest = report.weightsSha256;
      const mismatch = compareEpoch(receipt, report);
      if (mismatch) return failed(epoch, mismatch, digest);
      options.onEpoch?.(epoch, digest);
    }
    if (lastEpoch >= receipt.epochs.length) {
      const again = (await training.finish({ signal, gate })).receipt;
      const mismatch = compareReceipts(receipt, again);
      if (mismatch) return failed(training.epoch, mismatch, digest);
    }
    return { verified: true, epochs: training.epoch, weightsSha256: digest, firstMismatch: null };
  } finally {
    training.close();
  }
}

function compareEpoch(
  { epochs, states }: Receipt,
  { epoch, weightsSha256, stateSha256 }: EpochReport,
): Mismatch | null {
  const weights = epochs[epoch - 1];
  if (weights !== weightsSha256) {
    return { epoch, field: 'epochs', expected: weights, received: weightsSha256 };
  }
  const state = states?.[epoch - 1];
  if (state === undefined || state === stateSha256) return null;
  return { epoch, field: 'states', expected: state, received: stateSha256 };
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
  const split = await inTurns(splitting(dataset, recipe));
  const whole = await inTurns(imputing(dataset, split.train));
  const prepared = standardized(whole, await inTurns(measuringTable(recipe, whole, split)));
  const input = await inputSha256(prepared, recipe.preprocess);
  if (input === expected.inputSha256) return;
  throw new BitgradError(
    `${dataset.name}: expected data with SHA-256 ${expected.sha256}, received ${raw}`,
    `give the data that the receipt names (${expected.name})`,
  );
}

/** Fields that may differ: the format, what was compared epoch by epoch, what a version compiles. */
const NOT_COMPARED: readonly string[] = ['format', 'states', 'programSha256'];

/** A receipt without what the data are called and their bytes before preprocessing, which may differ. */
function comparable(receipt: Receipt): Record<string, unknown> {
  const dataset = { ...receipt.dataset, sha256: '', name: '' };
  return { ...receipt, recipe: checkRecipe(receipt.recipe), dataset };
}

/**
 * The first field in which two receipts differ; the states of their epochs have been compared. What the
 * expected one lacks, because it is older than the field, says nothing; but a model without what
 * prepares its samples says that it has none.
 */
function compareReceipts(expected: Receipt, received: Receipt): Mismatch | null {
  const [a, b] = [comparable(expected), comparable(received)];
  const fields = [...Object.keys(a), 'preparationSha256'];
  const field = fields.find((one) => !NOT_COMPARED.includes(one) && !agrees(a[one], b[one]));
  if (field === undefined) return null;
  return { epoch: null, field, expected: a[field], received: b[field] };
}

/** Whether all that `expected` says is so, in whatever order its keys come. */
function agrees(expected: unknown, received: unknown): boolean {
  if (typeof expected !== 'object' || expected === null) return expected === received;
  if (typeof received !== 'object' || received === null) return false;
  if (Array.isArray(expected) !== Array.isArray(received)) return false;
  if (Array.isArray(expected) && expected.length !== (received as unknown[]).length) return false;
  return Object.entries(expected).every(([key, value]) =>
    agrees(value, (received as Record<string, unknown>)[key]),
  );
}
