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
import { isStopped, type Work } from '../sweep/trial.js';
import { bytesIn, objectIn, textOfBytes } from './payload.js';

/** Letters of an error that a training ended with. */
const LONGEST_ERROR = 2000;

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
    if (fits && isOwn(recipe, dataset)) return { outcome: { stopped }, bytes: file };
  }
  throw new BitgradError(
    `${where}: expected a result of its recipe and data, received one of something else`,
    'a worker of another version, or somebody else who writes to this queue',
  );
}

/** @throws BitgradError if an answer is no result of a verification */
export function checkVerification(answer: unknown, last: number): Verification {
  const { verification } = objectIn(answer, 'queue: stretch');
  const { verified, epochs, weightsSha256, firstMismatch } = objectIn(
    verification,
    'queue: stretch',
  );
  const isWhole =
    typeof verified === 'boolean' &&
    typeof weightsSha256 === 'string' &&
    (verified
      ? epochs === last && firstMismatch === null
      : typeof epochs === 'number' && isMismatch(firstMismatch));
  if (isWhole) return verification as Verification;
  throw new BitgradError(`queue: stretch to epoch ${last}: expected its result, received none`);
}

function isMismatch(value: unknown): boolean {
  const { epoch, field } = objectIn(value, 'queue: stretch');
  return (epoch === null || typeof epoch === 'number') && typeof field === 'string';
}
