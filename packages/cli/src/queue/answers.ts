import {
  BitgradError,
  decodeCheckpoint,
  decodeModel,
  type Receipt,
  type Recipe,
  sha256OfText,
  type Verification,
} from '@bitgrad/core';
import type { Done, Trained } from '../jobs/tasks.js';
import { isStopped, onlyStopped, type Work } from '../sweep/trial.js';
import { bytesIn, objectIn, textOfBytes } from './payload.js';

/** Letters of an error that a training ended with. */
const LONGEST_ERROR = 2000;
/** Letters of JSON of what differs, which is a field of a receipt. */
const LONGEST_MISMATCH = 65_536;

/** What a worker found, as it travels. */
export function encodeDone(done: Done): unknown {
  if (done.kind === 'verify') return { verification: done.verification };
  const { outcome, bytes } = done;
  return { outcome, bytes: bytes === null ? null : textOfBytes(bytes) };
}

/** A digest of what every machine must find equal: not of how long it took, nor by which versions. */
export async function digestOfDone(done: Done): Promise<string> {
  return sha256OfText(JSON.stringify(done.kind === 'verify' ? done.verification : done.outcome));
}

/**
 * Checks that what a queue brought is a result of the work that was asked for: a whole model or checkpoint
 * of that recipe and those data.
 *
 * @throws BitgradError if it is not
 */
export async function checkTrained(
  answer: unknown,
  { trial, until, name }: Work,
  dataSha256: string,
): Promise<Trained> {
  const where = `queue: trial ${trial.name.slice(0, 8)}`;
  const { outcome, bytes } = objectIn(answer, where);
  const { error, stopped } = objectIn(outcome, where);
  if (typeof error === 'string') {
    return { outcome: { error: error.slice(0, LONGEST_ERROR) }, bytes: null };
  }
  const file = bytesIn(bytes, where);
  const isOwn = (recipe: Recipe, dataset: Receipt['dataset']): boolean =>
    JSON.stringify(recipe) === JSON.stringify(trial.recipe) && dataset.sha256 === dataSha256;
  if (stopped === undefined) {
    const { recipe, receipt } = await decodeModel(file, where);
    if (isOwn(recipe, receipt.dataset)) return { outcome: { receipt }, bytes: file };
  } else if (isStopped(stopped) && name !== trial.name) {
    const { recipe, dataset, epochs } = await decodeCheckpoint(file, where);
    const fits =
      epochs.length === until &&
      stopped.epochs === until &&
      epochs.at(-1) === stopped.weightsSha256;
    if (fits && isOwn(recipe, dataset)) {
      return { outcome: { stopped: onlyStopped(stopped) }, bytes: file };
    }
  }
  throw new BitgradError(
    `${where}: expected a result of its recipe and data, received one of something else`,
    'a worker of another version, or somebody else who writes to this queue',
  );
}

/**
 * Takes of an answer what a verification finds, and nothing else that may lie there.
 *
 * @throws BitgradError if it is no result of a verification up to the epoch `last`
 */
export function checkVerification(answer: unknown, last: number): Verification {
  const where = `queue: stretch to epoch ${last}`;
  const { verification } = objectIn(answer, where);
  const { verified, epochs, weightsSha256, firstMismatch } = objectIn(verification, where);
  const isEpoch = (value: unknown): value is number =>
    Number.isInteger(value) && (value as number) >= 0 && (value as number) <= last;
  const isDigest = typeof weightsSha256 === 'string' && /^[0-9a-f]{64}$/.test(weightsSha256);
  if (isDigest && isEpoch(epochs)) {
    if (verified === true && epochs === last && firstMismatch === null) {
      return { verified, epochs, weightsSha256, firstMismatch };
    }
    if (verified === false) {
      const { epoch, field, expected, received } = objectIn(firstMismatch, where);
      const isWhole =
        (epoch === null || isEpoch(epoch)) &&
        typeof field === 'string' &&
        lengthOf([field, expected, received]) <= LONGEST_MISMATCH;
      if (isWhole) {
        return {
          verified,
          epochs,
          weightsSha256,
          firstMismatch: { epoch, field, expected, received },
        };
      }
    }
  }
  throw new BitgradError(`${where}: expected its result, received none`);
}

const lengthOf = (value: unknown): number => JSON.stringify(value).length;
