import { availableParallelism } from 'node:os';
import { encodeModel, type SavedModel, type Verification } from '@bitgrad/core';
import { loadOptionsToVerify } from '../data-options.js';
import { threadsEach } from '../jobs/backend-texts.js';
import { Crew } from '../jobs/crew.js';
import type { StretchOptions } from '../library/verify.js';
import { readCheckpoints, unlike, verifyParts } from './in-parts.js';
import { planParts } from './plan-stretches.js';
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
  const crew = new Crew(signal);
  try {
    if (queue === undefined) crew.prepare(Math.min(jobs, receipt.epochs.length));
    const { files, forged } = await readCheckpoints(folder, receipt);
    if (forged !== null) return unlike(forged, receipt);
    const parts = planParts(1, receipt.epochs.length, files, jobs, folder);
    const verified = {
      model: encodeModel(saved),
      receipt,
      data,
      loadOptions: loadOptionsToVerify(saved, undefined, start !== undefined),
      start: start === undefined ? null : encodeModel(start),
    };
    if (queue !== undefined) {
      const request = { url: queue, password: queuePassword };
      return await verifyByQueue(verified, undefined, parts, request, signal, onEpoch, onNote);
    }
    const threads = threadsEach(Math.min(jobs, parts.length));
    const by = { backend: options.backend ?? 'auto', isa: undefined, threads };
    return await verifyParts(verified, parts, { crew, jobs, by }, onEpoch);
  } finally {
    crew.close();
  }
}
