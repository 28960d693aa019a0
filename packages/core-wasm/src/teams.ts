import { BitgradError } from '@bitgrad/core';
import { Team } from './team.js';

const teams = new Map<number, Promise<Team>>();

/**
 * The team of so many threads, the caller's being one. Its workers are started once: runs are made
 * one at a time in any case.
 *
 * @throws BitgradError that says why this engine cannot have one
 */
export async function teamOf(threads: number): Promise<Team> {
  // Another caller may have started one in the meantime.
  for (let found = teams.get(threads); found !== undefined; ) {
    const known = await found.catch(() => undefined);
    if (known !== undefined && !known.hasFailed) return known;
    const now = teams.get(threads);
    if (now === found) break;
    found = now;
  }
  assertCanWait();
  const team = Team.start(threads - 1).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw unsupported('workers that share memory', reason);
  });
  teams.set(threads, team);
  return team;
}

function assertCanWait(): void {
  if (typeof SharedArrayBuffer !== 'function') {
    throw unsupported(
      'shared memory',
      'none',
      'serve the page with Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp',
    );
  }
  try {
    // Returns at once, where it is allowed at all.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1);
  } catch {
    throw unsupported(
      'a thread that may wait for others',
      "a page's own",
      'make the backend in a worker',
    );
  }
}

function unsupported(expected: string, received: string, fix?: string): BitgradError {
  const alone = 'use one thread: the same bits, more slowly';
  return new BitgradError(
    `wasm: expected ${expected} for more than one thread, received ${received}`,
    fix === undefined ? alone : `${fix}; or ${alone}`,
  );
}
