import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  AbortedError,
  BitgradError,
  compareToReceipt,
  type Mismatch,
  type Receipt,
  type Verification,
} from '@bitgrad/core';
import { type ChildEvent, runChild } from '../jobs/child.js';
import { sideBySide } from '../jobs/side-by-side.js';
import { readCheckpoint } from '../train/resume.js';
import type { Part } from './plan-stretches.js';

const ENDING = '.checkpoint';

/** Checkpoints of one training, and the first that is not what the receipt says. */
export interface CheckpointFolder {
  /** Files by the epochs that were done when they were saved. */
  readonly files: ReadonlyMap<number, string>;
  readonly forged: { readonly file: string; readonly mismatch: Mismatch } | null;
}

export async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() === true;
}

/**
 * Reads every checkpoint of a folder (`….checkpoint`) and compares it with a receipt.
 *
 * @throws BitgradError if there is none, or one cannot be read
 */
export async function readCheckpoints(folder: string, receipt: Receipt): Promise<CheckpointFolder> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(ENDING)).sort();
  if (names.length === 0) {
    throw new BitgradError(
      `--from: expected checkpoints in ${folder} (files that end in ${ENDING}), received none`,
      "keep them while training, as in train --checkpoint 'run-{epoch}.checkpoint'",
    );
  }
  const files = new Map<number, string>();
  let forged: CheckpointFolder['forged'] = null;
  for (const name of names) {
    const file = join(folder, name);
    const checkpoint = await readCheckpoint(file);
    const mismatch = await compareToReceipt(checkpoint, receipt);
    if (mismatch === null) files.set(checkpoint.epochs.length, file);
    else if (forged === null || mismatch.epoch! < forged.mismatch.epoch!)
      forged = { file, mismatch };
  }
  return { files, forged };
}

/**
 * Trains all parts again, each in a process of its own, at most `jobs` at a time.
 *
 * @param wordsFor the command line that verifies a part
 * @param onEpoch called after every epoch that gave the receipt's digests, in any order
 * @returns what all together found: the first difference of the first part that has one
 * @throws what a process said where it could not train its part again at all; AbortedError by the
 *   signal
 */
export async function verifyParts(
  parts: readonly Part[],
  jobs: number,
  wordsFor: (part: Part) => readonly string[],
  signal: AbortSignal,
  onEpoch: (epoch: number, weightsSha256: string) => void,
): Promise<Verification> {
  const found = new Map<Part, Verification>();
  const stops = new Map(parts.map((part) => [part, new AbortController()]));
  const stopAll = (): void => {
    for (const stop of stops.values()) stop.abort();
  };
  signal.addEventListener('abort', stopAll);
  const work = async (part: Part): Promise<void> => {
    const stop = stops.get(part)!.signal;
    if (stop.aborted) return;
    const { error } = await runChild(wordsFor(part), stop, (event) => {
      if (event.event === 'epoch') onEpoch(event.epoch as number, event.weightsSha256 as string);
      if (event.event === 'end') found.set(part, verificationIn(event));
    });
    const end = found.get(part);
    // What comes after a difference decides nothing any more.
    if (end?.verified === false) {
      for (const [other, later] of stops) if (other.first > part.first) later.abort();
    }
    if (end !== undefined || stop.aborted) return;
    stopAll();
    throw error;
  };
  try {
    await sideBySide(parts, jobs, work);
  } finally {
    signal.removeEventListener('abort', stopAll);
  }
  if (signal.aborted) throw new AbortedError('the verification was interrupted');
  return firstDifference(parts, found);
}

/** What parts found all together: the first difference of the first part that has one. */
export function firstDifference(
  parts: readonly Part[],
  found: ReadonlyMap<Part, Verification>,
): Verification {
  const ends = parts.flatMap((part) => found.get(part) ?? []);
  return ends.find(({ verified }) => !verified) ?? ends.at(-1)!;
}

function verificationIn(event: ChildEvent): Verification {
  const {
    verified,
    epochs,
    weightsSha256,
    firstMismatch = null,
  } = event as unknown as Verification;
  return { verified, epochs, weightsSha256, firstMismatch };
}
