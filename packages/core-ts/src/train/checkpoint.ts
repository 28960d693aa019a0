import type { TableEncoding } from '../data/encoding.js';
import { BitgradError } from '../errors.js';
import { CONTRACT, type Receipt } from '../file/receipt.js';
import type { Recipe } from '../recipe/recipe.js';
import type { Best } from './early-stopping.js';
import type { Mismatch } from './reports.js';
import { type State, stateSha256 } from './state.js';

/** What is needed to go on with a training after a whole epoch. */
export interface Checkpoint {
  readonly contract: number;
  readonly recipe: Recipe;
  readonly dataset: Receipt['dataset'];
  /** How a table was read; null where data are no table. Version 0.1.0 did not say. */
  readonly encoding?: TableEncoding | null | undefined;
  /** `weightsSha256` after each epoch done. */
  readonly epochs: readonly string[];
  /** `stateSha256` after each epoch done; left out by version 0.1.0. */
  readonly states?: readonly string[];
  readonly state: State;
  /** The best epoch so far, if the recipe has patience. */
  readonly best: Best | null;
  readonly trainSeconds: number;
}

/**
 * Checks that a checkpoint belongs to a training.
 *
 * @throws BitgradError that names what differs
 */
export function checkCheckpoint(
  checkpoint: Checkpoint,
  recipe: Recipe,
  dataset: Receipt['dataset'],
): void {
  if (checkpoint.contract !== CONTRACT) {
    throw new BitgradError(
      `checkpoint: expected contract version ${CONTRACT}, received ${checkpoint.contract}`,
    );
  }
  for (const field of Object.keys(recipe) as (keyof Recipe)[]) {
    const [expected, received] = [recipe[field], checkpoint.recipe[field]].map((value) =>
      JSON.stringify(value),
    );
    if (expected !== received) {
      throw new BitgradError(
        `checkpoint: expected ${field} ${expected}, received ${received}`,
        'resume with the recipe that the checkpoint was made with',
      );
    }
  }
  if (checkpoint.dataset.inputSha256 !== dataset.inputSha256) {
    throw new BitgradError(
      `checkpoint: expected data with SHA-256 ${checkpoint.dataset.inputSha256}, received ${dataset.inputSha256} (${dataset.name})`,
      'resume with the data that the checkpoint was made with',
    );
  }
}

/**
 * Where a checkpoint and a receipt first disagree: at the digest of an epoch's parameters or, in
 * receipts that have them (format 2), of the whole state that the checkpoint holds. Null where it is a
 * checkpoint of the very training that the receipt tells of.
 */
export async function compareToReceipt(
  { epochs, state, best }: Checkpoint,
  receipt: Receipt,
): Promise<Mismatch | null> {
  const different = epochs.findIndex((digest, at) => digest !== receipt.epochs[at]);
  if (different >= 0) {
    const [expected, received] = [receipt.epochs[different], epochs[different]];
    return { epoch: different + 1, field: 'epochs', expected, received };
  }
  const expected = receipt.states?.[epochs.length - 1];
  if (expected === undefined) return null;
  const received = await stateSha256(state, best);
  if (received === expected) return null;
  return { epoch: epochs.length, field: 'states', expected, received };
}

/**
 * Checks that a checkpoint is of the very training that a receipt tells of.
 *
 * @param name of the checkpoint, for messages
 * @throws BitgradError that names what differs
 */
export async function checkAgainstReceipt(
  checkpoint: Checkpoint,
  receipt: Receipt,
  name: string,
): Promise<void> {
  const mismatch = await compareToReceipt(checkpoint, receipt);
  if (mismatch === null) return;
  const { epoch, field, expected, received } = mismatch;
  if (field === 'epochs') {
    throw new BitgradError(
      `${name}: expected a checkpoint of this training, received one whose digest after epoch ${epoch} is not the receipt's`,
      'verify from the start instead, without --from',
    );
  }
  throw new BitgradError(
    `${name}: expected a whole state with SHA-256 ${expected} after epoch ${epoch}, as the receipt says, received ${received}`,
    'the weights, what the optimiser remembers or the best epoch so far is not what this training had',
  );
}
