import type { Session } from '../backend.js';
import { AbortedError } from '../errors.js';
import { type EntryName, type Program, STEP } from '../program/program.js';
import { beginPass } from '../program/session.js';

/** How long the event loop may be kept waiting, and how often progress is told, in milliseconds. */
const CHUNK_MILLISECONDS = 40;

export interface PassOptions {
  /** Ends the pass between two steps. */
  readonly signal?: AbortSignal | undefined;
  /** Called a few times a second with the steps done so far. */
  readonly onProgress?: ((steps: number) => void) | undefined;
}

/**
 * Runs one whole pass over `order`: off the event loop where the backend can, else in short pieces
 * between which the event loop turns.
 *
 * @param program what `session` was opened with
 * @param count the pass's samples, whose indices stand in the slice `order`
 * @throws AbortedError if `signal` ended it, and all that `Session.run` throws
 */
export async function runPass(
  session: Session,
  program: Program,
  entry: EntryName,
  count: number,
  { signal, onProgress }: PassOptions = {},
): Promise<void> {
  const control = session.memory.u32('control');
  beginPass(session.memory, count);
  const steps = Math.ceil(count / program.entries[entry]!.batchSize);
  throwIfAborted(signal);
  if (session.runAsync) {
    const timer = setInterval(() => onProgress?.(control[STEP]!), CHUNK_MILLISECONDS);
    try {
      await session.runAsync(entry, steps, signal);
    } finally {
      clearInterval(timer);
    }
    return;
  }
  let chunk = 1;
  for (let done = 0; done < steps; ) {
    const now = Math.min(chunk, steps - done);
    const start = performance.now();
    session.run(entry, now);
    done += now;
    const milliseconds = performance.now() - start;
    if (milliseconds < CHUNK_MILLISECONDS / 2) chunk *= 2;
    else if (milliseconds > CHUNK_MILLISECONDS) chunk = Math.max(1, Math.floor(chunk / 2));
    onProgress?.(done);
    await new Promise((resolve) => setTimeout(resolve, 0));
    throwIfAborted(signal);
  }
}

/** @throws AbortedError if `signal` has fired */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new AbortedError('the run was interrupted');
}
