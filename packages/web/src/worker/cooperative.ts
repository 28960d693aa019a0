import { AbortedError, type Backend, type Program, type Session } from '@bitgrad/core';
import type { Gate } from './gate.js';

/** How long the worker may be deaf to the page, in milliseconds. */
const PIECE_MILLISECONDS = 20;

/**
 * A backend whose asynchronous runs are cut into short pieces: between two of them the worker answers
 * the page, and the run waits where the gate is closed. No piece changes a bit.
 *
 * @param onOpen told of each session and its program
 */
export function cooperative(
  backend: Backend,
  gate: Gate,
  onOpen: (session: Session, program: Program) => void,
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
        runAsync: (entry, steps, signal) => runInPieces(session, gate, entry, steps, signal),
        close: () => session.close(),
      };
    },
  };
}

async function runInPieces(
  session: Session,
  gate: Gate,
  entry: Parameters<Session['run']>[0],
  steps: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  let piece = 1;
  for (let done = 0; done < steps; ) {
    await gate.passed(signal);
    if (signal?.aborted) throw new AbortedError('the training was stopped');
    const begun = performance.now();
    if (gate.ranObserved(session, entry)) {
      done += 1;
      await turn();
      continue;
    }
    const now = Math.min(piece, steps - done);
    session.run(entry, now);
    done += now;
    const milliseconds = performance.now() - begun;
    if (milliseconds < PIECE_MILLISECONDS / 2) piece *= 2;
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
