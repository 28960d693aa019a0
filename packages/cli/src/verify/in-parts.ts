import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  BitgradError,
  compareToReceipt,
  type Mismatch,
  type Receipt,
  type Verification,
} from '@bitgrad/core';
import type { LoadOptions } from '@bitgrad/formats';
import { readFileBytes } from '../files.js';
import type { Crew } from '../jobs/crew.js';
import { sideBySide } from '../jobs/side-by-side.js';
import type { BackendTexts, Order } from '../jobs/tasks.js';
import { readCheckpoint } from '../train/resume.js';
import type { Part } from './plan-stretches.js';

const ENDING = '.checkpoint';

/** Checkpoints of one training, and the first that is not what the receipt says. */
export interface CheckpointFolder {
  /** Files by the epochs that were done when they were saved. */
  readonly files: ReadonlyMap<number, string>;
  readonly forged: { readonly file: string; readonly mismatch: Mismatch } | null;
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

/** What a checkpoint that is not of the receipt's training makes of a verification. */
export function unlike(
  { mismatch }: NonNullable<CheckpointFolder['forged']>,
  receipt: Receipt,
): Verification {
  const epochs = mismatch.epoch!;
  const weightsSha256 = receipt.epochs[epochs - 1] ?? '';
  return { verified: false, epochs, weightsSha256, firstMismatch: mismatch };
}

/** What all parts have in common. */
export interface Verified {
  /** The bytes of the model file. */
  readonly model: Uint8Array;
  readonly receipt: Receipt;
  /** A path, or the name of what comes along. */
  readonly data: string;
  readonly loadOptions: LoadOptions;
  /** The bytes of the model whose weights the training began with. */
  readonly start: Uint8Array | null;
}

/** Told of every epoch of a part that gave the receipt's digests, once, in any order. */
export type OnEpoch = (epoch: number, weightsSha256: string) => void;

/**
 * Trains all parts again in a crew's processes, at most `jobs` at a time.
 *
 * @returns what all together found: the first difference of the first part that has one
 * @throws BitgradError where a part cannot be trained again at all; AbortedError by the crew's signal
 */
export async function verifyParts(
  { model, data, loadOptions, start }: Verified,
  parts: readonly Part[],
  { crew, jobs, by }: { crew: Crew; jobs: number; by: BackendTexts },
  onEpoch: OnEpoch,
): Promise<Verification> {
  const found = new Map<Part, Verification>();
  const stops = new Map(parts.map((part) => [part, new AbortController()]));
  const told = new Set<number>();
  await sideBySide(parts, jobs, async (part) => {
    const { signal } = stops.get(part)!;
    if (signal.aborted) return;
    const checkpoint = part.from === null ? null : await readFileBytes(part.from);
    const task = { kind: 'verify', model, last: part.last, checkpoint, start } as const;
    const order: Order = { task, source: { data, loadOptions }, by };
    const name = `epochs ${part.first} to ${part.last}`;
    const answer = await crew
      .run(order, name, {
        signal,
        onEpoch({ epoch, weightsSha256 }) {
          if (!told.has(epoch)) onEpoch(epoch, weightsSha256);
          told.add(epoch);
        },
      })
      .catch((error: unknown) => {
        if (signal.aborted) return null;
        // One that cannot be trained again ends all.
        crew.close();
        throw error;
      });
    if (answer === null || !('done' in answer) || answer.done.kind !== 'verify') return;
    const { verification } = answer.done;
    found.set(part, verification);
    if (verification.verified) return;
    // What comes after a difference decides nothing any more.
    for (const [other, later] of stops) if (other.first > part.first) later.abort();
  });
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
