import type { Mismatch, Receipt, Verification } from '@bitgrad/core';
import { plural } from '../format.js';
import { colorsOf, print, printPairs } from '../output.js';

/** The last event of `verify --json`. */
export function verificationEvent({
  verified,
  epochs,
  weightsSha256,
  firstMismatch,
}: Verification): { event: string; [field: string]: unknown } {
  const mismatch = firstMismatch === null ? {} : { firstMismatch };
  return { event: 'end', verified, epochs, weightsSha256, ...mismatch };
}

/**
 * Says for people what training again found.
 *
 * @param first the first epoch that was trained again
 * @param checkpoint the file that differs, where that is what was found
 */
export function printVerification(
  { verified, epochs, weightsSha256, firstMismatch }: Verification,
  first: number,
  receipt: Receipt,
  checkpoint?: string,
): void {
  const { bold, green, red } = colorsOf(process.stdout);
  if (verified) {
    const count = plural(Math.max(0, epochs - first + 1), 'epoch');
    const isWhole = first === 1 && epochs === receipt.epochs.length;
    const all = isWhole ? `all of ${count}` : `${count}, up to epoch ${epochs}`;
    print(`${bold(green('verified'))}: ${all} gave the receipt's digests`);
    // The model's, as training printed it, whichever epoch was kept.
    printPairs([['weightsSha256', isWhole ? receipt.weightsSha256 : weightsSha256]]);
    return;
  }
  print(`${bold(red('not verified'))}: ${whereOf(firstMismatch, checkpoint)}`);
  printPairs([
    ['in the receipt', textOf(firstMismatch?.expected)],
    [checkpoint ?? 'trained again', textOf(firstMismatch?.received)],
  ]);
}

function whereOf(mismatch: Mismatch | null, checkpoint: string | undefined): string {
  if (checkpoint !== undefined) {
    const what =
      mismatch?.field === 'states'
        ? 'whole state (weights, what the optimiser remembers, the best epoch so far)'
        : 'digest';
    return `${checkpoint} has another ${what} after epoch ${mismatch?.epoch} than the receipt`;
  }
  if (mismatch === null || mismatch.epoch === null) {
    return `the receipt's ${mismatch?.field} differs, though every epoch's digest is right`;
  }
  return mismatch.field === 'states'
    ? `epoch ${mismatch.epoch} gives the receipt's weights but another state: what the optimiser remembers, or the best epoch so far`
    : `epoch ${mismatch.epoch} is the first that differs`;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');
}
