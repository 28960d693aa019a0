import { availableParallelism } from 'node:os';
import { encodeModel, type SavedModel, type Verification } from '@bitgrad/core';
import { readFileBytes } from '../files.js';
import { Crew } from '../jobs/crew.js';
import { sideBySide } from '../jobs/side-by-side.js';
import { loadOptionsAgain } from '../library/like.js';
import type { StretchOptions } from '../library/verify.js';
import { firstDifference, readCheckpoints } from './in-parts.js';
import { type Part, planParts } from './plan-stretches.js';
import { verifyByQueue } from './queue-parts.js';

/** How many stretches a queue's workers share, unless it is said. */
const QUEUED_PARTS = 32;

/** What the library's `verify` does with a folder of checkpoints, where there are files and processes. */
export async function verifyHere(
  saved: SavedModel,
  start: SavedModel | undefined,
  data: string,
  options: StretchOptions,
): Promise<Verification> {
  const { checkpoints: folder, queue, queuePassword, onEpoch = () => undefined } = options;
  const { onNote = () => undefined, signal = new AbortController().signal } = options;
  const { jobs = queue === undefined ? availableParallelism() : QUEUED_PARTS } = options;
  const { receipt } = saved;
  const { files, forged } = await readCheckpoints(folder, receipt);
  if (forged !== null) {
    const epochs = forged.mismatch.epoch!;
    const weightsSha256 = receipt.epochs[epochs - 1] ?? '';
    return { verified: false, epochs, weightsSha256, firstMismatch: forged.mismatch };
  }
  const parts = planParts(1, receipt.epochs.length, files, jobs, folder);
  const model = encodeModel(saved);
  const startBytes = start === undefined ? undefined : encodeModel(start);
  if (queue !== undefined) {
    const verified = { model, receipt, data, label: undefined, start: startBytes };
    const request = { url: queue, password: queuePassword };
    return verifyByQueue(verified, parts, request, signal, onEpoch, onNote);
  }
  const threads = Math.max(1, Math.floor(availableParallelism() / parts.length));
  const by = { backend: options.backend ?? 'auto', isa: undefined, threads: String(threads) };
  const source = { data, loadOptions: loadOptionsAgain(saved) };
  const found = new Map<Part, Verification>();
  const crew = new Crew(signal);
  try {
    await sideBySide(parts, jobs, async (part) => {
      const checkpoint = part.from === null ? null : await readFileBytes(part.from);
      const task = { kind: 'verify', model, last: part.last, checkpoint } as const;
      const order = { task: { ...task, start: startBytes ?? null }, source, by };
      const answer = await crew.run(order, `epochs ${part.first} to ${part.last}`);
      if (!('done' in answer) || answer.done.kind !== 'verify') return;
      const { verification } = answer.done;
      found.set(part, verification);
      if (!verification.verified) return;
      for (let epoch = part.first; epoch <= part.last; epoch += 1) {
        onEpoch(epoch, receipt.epochs[epoch - 1]!);
      }
    });
  } finally {
    crew.close();
  }
  return firstDifference(parts, found);
}
