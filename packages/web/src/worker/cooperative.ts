import { AbortedError, type Backend, type Program, type Session } from '@bitgrad/core';
import type { Gate } from './gate.js';

/** How long the worker may be deaf to the page, in milliseconds. */
const PIECE_MILLISECONDS = 20;

/** Stops a training after some of its steps, for somebody to look at its weights. */
export interface Marks {
  /** How many steps there are before the next stop. */
  left(): number;
  /** Told after each piece how many steps were made. */
  made(steps: number, session: Session): void;
}

/**
 * A backend whose asynchronous runs are cut into short pieces: between two of them the worker answers
 * the page, and the run waits where the gate is closed. No piece changes a bit.
 *
 * @param onOpen told of each session and its program
 * @param marks where between training steps somebody wants to look
 */
export function cooperative(
  backend: Backend,
  gate: Gate,
  onOpen: (session: Session, program: Program) => void,
  marks: Marks,
): Backend {
  const { name, isa, threads, kernels } = backend;
  return {
    name,
    isa,
    threads,
    kernels,
    open(program) {
      const session = backend.open(program);
      onOpen(session, program);
      return {
        memory: session.memory,
        run: (entry, steps) => session.run(entry, steps),
        runAsync: (entry, steps, signal) => runInPieces(session, gate, marks, entry, steps, signal),
        close: () => session.close(),
      };
    },
  };
}

async function runInPieces(
  session: Session,
  gate: Gate,
  marks: Marks,
  entry: Parameters<Session['run']>[0],
  steps: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  let piece = 1;
  for (let done = 0; done < steps; ) {
    const allowed = entry === 'train' ? await gate.passed(signal) : steps;
    if (signal?.aborted) throw new AbortedError('the training was stopped');
    const begun = performance.now();
    if (gate.ranObserved(session, entry)) {
      done += 1;
      marks.made(1, session);
      await turn();
      continue;
    }
    const limit = entry === 'train' ? Math.min(allowed, marks.left()) : steps;
    const now = Math.min(piece, steps - done, limit);
    session.run(entry, now);
    done += now;
    if (entry === 'train') marks.made(now, session);
    const milliseconds = performance.now() - begun;
    if (milliseconds < PIECE_MILLISECONDS / 2) piece = Math.min(2 * piece, 2 * now);
    else if (milliseconds > PIECE_MILLISECONDS) piece = Math.max(1, Math.floor(piece / 2));
    await turn();
  }
}

const channel = new MessageChannel();
const waiting: (() => void)[] = [];
channel.port1.onmessage = () => waiting.shift()?.();

/** Lets the event loop turn once, without the delay that timers have. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    channel.port2.postMessage(null);
  });
}
