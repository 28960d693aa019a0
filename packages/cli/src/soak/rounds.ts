import { setImmediate } from 'node:timers/promises';
import type { Case } from '@bitgrad/conformance';
import type { Backend } from '@bitgrad/core';

/** What a process that checks one core says. */
export type Told =
  | { readonly kind: 'begin'; readonly backend: string; readonly name: string }
  | {
      readonly kind: 'differs';
      readonly backend: string;
      readonly name: string;
      readonly message: string;
    }
  | { readonly kind: 'error'; readonly message: string };

/**
 * Runs a suite's cases on backends, round after round, for ever, and tells of each.
 *
 * @param first the case to begin with, so that cores that begin together do different things
 */
export async function runRounds(
  backends: readonly Backend[],
  cases: readonly Case[],
  first: number,
  tell: (told: Told) => void,
): Promise<never> {
  for (let at = first; ; at += 1) {
    // What ends this process is heard only when the event loop turns.
    await setImmediate();
    const one = cases[at % cases.length]!;
    for (const backend of backends) {
      const where = { backend: backend.name, name: `${one.group}: ${one.name}` };
      tell({ kind: 'begin', ...where });
      try {
        await one.run(backend);
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        tell({ kind: 'differs', ...where, message });
      }
    }
  }
}
