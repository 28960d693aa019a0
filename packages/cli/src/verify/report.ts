import type { Receipt, Verification } from '@bitgrad/core';
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
 */
export function printVerification(
  { verified, epochs, weightsSha256, firstMismatch }: Verification,
  first: number,
  receipt: Receipt,
): void {
  const { bold, green, red } = colorsOf(process.stdout);
  if (verified) {
    const count = plural(Math.max(0, epochs - first + 1), 'epoch');
    const isWhole = first === 1 && epochs === receipt.epochs.length;
    const all = isWhole ? `all of ${count}` : `${count}, up to epoch ${epochs}`;
    print(`${bold(green('verified'))}: ${all} gave the receipt's digests`);
    printPairs([['weightsSha256', weightsSha256]]);
    return;
  }
  const where =
    firstMismatch?.epoch == null
      ? `the receipt's ${firstMismatch?.field} differs, though every epoch's digest is right`
      : `epoch ${firstMismatch.epoch} is the first that differs`;
  print(`${bold(red('not verified'))}: ${where}`);
  printPairs([
    ['in the receipt', textOf(firstMismatch?.expected)],
    ['trained again', textOf(firstMismatch?.received)],
  ]);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');
}
