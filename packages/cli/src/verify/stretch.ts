import { type Checkpoint, checkAgainstReceipt, type Receipt, show } from '@bitgrad/core';
import { parseInteger } from '../arguments.js';
import { UsageError } from '../usage-error.js';

/** The epochs to be trained again, counted from 1. */
export interface Stretch {
  /** Null where the start is left to a checkpoint. */
  readonly first: number | null;
  readonly last: number;
  /** Whether `--epochs` asked for it. */
  readonly isPart: boolean;
}

/**
 * Reads `--epochs`.
 *
 * @param epochs that the receipt has
 * @throws UsageError if it is no stretch of those
 */
export function parseStretch(text: string | undefined, epochs: number): Stretch {
  if (text === undefined) return { first: null, last: epochs, isPart: false };
  const [first, last, ...more] = text.split('..').map(parseInteger);
  const isStretch =
    first !== undefined && last !== undefined && more.length === 0 && first >= 1 && first <= last;
  if (isStretch && last <= epochs) return { first, last, isPart: true };
  throw new UsageError(
    `--epochs: expected A..B from 1 to ${epochs}, as in 1..${epochs}, received ${show(text)}`,
  );
}

/**
 * Checks that training can begin where it was asked to.
 *
 * @param path of the checkpoint, for messages
 * @throws UsageError if there is no checkpoint where one is needed, or one of another epoch;
 *   BitgradError if it is not of this training
 */
export async function checkStart(
  checkpoint: Checkpoint | undefined,
  path: string | undefined,
  { first }: Stretch,
  receipt: Receipt,
): Promise<void> {
  const done = checkpoint?.epochs.length ?? 0;
  if (first !== null && done !== first - 1) {
    const received = checkpoint ? `one after ${done} (${path})` : 'none';
    throw new UsageError(
      `--from: expected a checkpoint after epoch ${first - 1}, where epoch ${first} begins, received ${received}`,
      `save one with bitgrad train --checkpoint FILE, or begin at epoch ${done + 1}`,
    );
  }
  if (checkpoint) await checkAgainstReceipt(checkpoint, receipt, path ?? 'checkpoint');
}
