import {
  type Backend,
  type Dataset,
  decodeCheckpoint,
  decodeModel,
  encodeCheckpoint,
  encodeModel,
  NonFiniteError,
  Training,
  verify,
} from '@bitgrad/core';
import type { Outcome } from '../sweep/trial.js';
import { installedVersions } from '../versions.js';
import type { Done, Told, Trained, TrainTask, VerifyTask } from './tasks.js';

/**
 * Trains, to the recipe's end or as far as is asked for. Going on from a checkpoint gives the bits of
 * never having stopped.
 *
 * @throws BitgradError if recipe, data and checkpoint do not fit. A loss that grows without limit is
 *   a result like any other
 */
export async function trainTask(
  { recipe, until, checkpoint }: TrainTask,
  dataset: Dataset,
  backend: Backend,
): Promise<Trained> {
  const from = checkpoint === null ? undefined : await decodeCheckpoint(checkpoint, 'checkpoint');
  const training = await Training.open(backend, recipe, dataset, from);
  try {
    let last: { loss: number | null; accuracy: number | null } = { loss: null, accuracy: null };
    while (!training.isDone && training.epoch < until) {
      const report = await training.runEpoch();
      last = { loss: report.validationLoss, accuracy: report.validationAccuracy };
    }
    if (!training.isDone) {
      const reached = training.checkpoint();
      const outcome: Outcome = {
        stopped: {
          epochs: training.epoch,
          weightsSha256: reached.epochs.at(-1)!,
          stateSha256: reached.states?.at(-1) ?? null,
          validationLoss: last.loss,
          validationAccuracy: last.accuracy,
        },
      };
      return { outcome, bytes: await encodeCheckpoint(reached) };
    }
    const model = await training.finish();
    const run = { ...model.run, versions: installedVersions() };
    return { outcome: { receipt: model.receipt }, bytes: encodeModel({ ...model, run }) };
  } catch (error) {
    if (!(error instanceof NonFiniteError)) throw error;
    return { outcome: { error: error.message }, bytes: null };
  } finally {
    training.close();
  }
}

/**
 * Trains a stretch again and compares.
 *
 * @param tell of each epoch that gave the receipt's digests
 * @throws BitgradError if model, data and checkpoint do not fit
 */
export async function verifyTask(
  { model, last, checkpoint, start }: VerifyTask,
  dataset: Dataset,
  backend: Backend,
  tell: (told: Told) => void,
): Promise<Done> {
  const { receipt } = await decodeModel(model, 'model');
  const verification = await verify({
    receipt,
    dataset,
    backend,
    ...(last < receipt.epochs.length ? { lastEpoch: last } : {}),
    ...(checkpoint && { checkpoint: await decodeCheckpoint(checkpoint, 'checkpoint') }),
    ...(start && { start: await decodeModel(start, 'start') }),
    onEpoch: (epoch, weightsSha256) => tell({ epoch, weightsSha256 }),
  });
  return { kind: 'verify', verification };
}
