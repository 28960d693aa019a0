import type { Session } from '../backend.js';
import { AbortedError } from '../errors.js';
import { type EntryName, type Program, STEP } from '../program/program.js';
import { beginPass } from '../program/session.js';
import { hasOwnTurns, someTurn } from '../turns.js';

/** How often progress is told of a pass off the event loop, in milliseconds. */
const PROGRESS_MILLISECONDS = 40;
/** How long a piece on the event loop may keep it; longer where each turn costs a timer's milliseconds. */
const PIECE_MILLISECONDS = hasOwnTurns ? 20 : 40;
/** Whoever stands between the steps wants to be asked often. */
const GATED_MILLISECONDS = 20;

/** Stands between a pass's steps: for who wants to slow them down, hold them, or look at the memory. */
export interface StepGate {
  /**
   * Waits until more steps may be made, and lets the event loop turn.
   *
   * @returns how many may be made at most before it is asked again, at least 1
   */
  next(session: Session, entry: EntryName): Promise<number>;
  /** Told after each piece how many were made; what it throws ends the pass. */
  made?(session: Session, entry: EntryName, steps: number): unknown;
}

export interface PassOptions {
  /** Ends the pass between two steps. */
  readonly signal?: AbortSignal | undefined;
  /** Called a few times a second with the steps done so far. */
  readonly onProgress?: ((steps: number) => void) | undefined;
  /** Asked between steps, which then run on the event loop, a short piece at a time. It changes no bit. */
  readonly gate?: StepGate | undefined;
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
  { signal, onProgress, gate }: PassOptions = {},
): Promise<void> {
  const control = session.memory.u32('control');
  beginPass(session.memory, count);
  const steps = Math.ceil(count / program.entries[entry]!.batchSize);
  throwIfAborted(signal);
  if (session.runAsync && gate === undefined) {
    const timer = setInterval(() => onProgress?.(control[STEP]!), PROGRESS_MILLISECONDS);
    try {
      await session.runAsync(entry, steps, signal);
    } finally {
      clearInterval(timer);
    }
    return;
  }
  const pause = gate ? GATED_MILLISECONDS : PIECE_MILLISECONDS;
  let chunk = 1;
  for (let done = 0; done < steps; ) {
    if (gate === undefined) await someTurn();
    const most = gate ? await gate.next(session, entry) : steps;
    throwIfAborted(signal);
    const now = Math.min(chunk, steps - done, most);
    const start = performance.now();
    session.run(entry, now);
    done += now;
    const milliseconds = performance.now() - start;
    if (milliseconds < pause / 2) chunk = 2 * now;
    else if (milliseconds > pause) chunk = Math.max(1, Math.floor(chunk / 2));
    // Who counts the steps has them counted before progress is told of them.
    await gate?.made?.(session, entry, now);
    onProgress?.(done);
    throwIfAborted(signal);
  }
}

/** @throws AbortedError if `signal` has fired */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new AbortedError('the run was interrupted');
}
