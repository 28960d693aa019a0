import type { Backend, Kernels } from '@bitgrad/core';

/** The calling thread's floating-point settings, read and set. */
export interface FloatEnvironment {
  get(): number;
  set(word: number): void;
}

/** Subnormal results become zero, and on x86 subnormal operands too. */
const FLUSHING = process.arch === 'x64' ? 0x9fc0 : 0x01000000;
/** The lowest six bits of x86's word say what has happened, as JavaScript's own arithmetic does. */
const SETTINGS = ~0x3f;

/**
 * A backend whose every run and kernel is called while the thread flushes subnormal numbers to zero,
 * as another addon may have left it, and which fails if a call leaves the settings otherwise.
 */
export function flushing(backend: Backend, environment: FloatEnvironment): Backend {
  const flushed = <Result>(work: () => Result): Result => {
    const before = environment.get();
    environment.set(FLUSHING);
    let after: number;
    try {
      return work();
    } finally {
      after = environment.get();
      environment.set(before);
      if ((after & SETTINGS) !== FLUSHING) {
        // biome-ignore lint/correctness/noUnsafeFinally: what was thrown, if anything, matters less.
        throw new Error(`floating-point settings: expected ${FLUSHING}, received ${after}`);
      }
    }
  };
  const kernels = Object.fromEntries(
    Object.entries(backend.kernels).map(([name, kernel]) => [
      name,
      (...values: unknown[]) => flushed(() => kernel(...values)),
    ]),
  ) as unknown as Kernels;
  return {
    ...backend,
    kernels,
    open(program, samples) {
      const session = backend.open(program, samples);
      return {
        ...(session.samples && { samples: session.samples }),
        memory: session.memory,
        run: (entry, steps) => flushed(() => session.run(entry, steps)),
        freezeSamples: () => session.freezeSamples?.(),
        close: () => session.close(),
      };
    },
  };
}
