import type { Backend } from '@bitgrad/core';
import type { Case } from './case.js';
import { type FloatEnvironment, flushing } from './flushing.js';
import { suite } from './suite.js';
import { unanimous } from './unanimous.js';

/** A case of the suite with the backend that it is run on. */
export interface NativeCase {
  readonly name: string;
  readonly run: () => void | Promise<void>;
}

/** How much is run. */
export interface Extent {
  /** By default the suite. */
  readonly cases?: readonly Case[];
  /** The numbers of threads that trainings are run on, beside one. */
  readonly threads?: readonly number[];
  /** Leaves out what is run a second time, but trainings; what opens a session for every few shapes is run on the same threads. */
  readonly isOnce?: boolean;
  /** Backends of other kinds, of which the same bits are asked where several are compared at once. */
  readonly others?: readonly Backend[];
}

/** Groups whose cases call kernels directly, or look at a session of one backend alone: nothing is compared at once. */
export const GROUPS_APART: readonly string[] = ['kernels', 'session'];

/**
 * The suite for instruction sets of the native backend, all of which are compared with what is worked
 * out once. Trainings are run on several numbers of threads; what opens a session for every few
 * shapes, on 1 and 3. All runs but the first of each are made in a thread that flushes subnormal
 * numbers to zero.
 *
 * @param make the backend of an instruction set, on so many threads
 */
export function nativeCases<Isa extends string>(
  isas: readonly Isa[],
  make: (isa: Isa, threads: number) => Backend,
  environment: FloatEnvironment,
  { cases = suite(), threads = [1, 2, 3, 7], isOnce = false, others = [] }: Extent = {},
): NativeCase[] {
  const plain = isas.map((isa) => make(isa, 1));
  const flushed = (counts: readonly number[]): Backend[] =>
    isas.flatMap((isa) => counts.map((count) => flushing(make(isa, count), environment)));
  const pair = unanimous(...(isOnce ? [] : plain), ...flushed(isOnce ? threads : [3]), ...others);
  const all = unanimous(...plain, ...flushed(threads), ...others);
  const together: Readonly<Record<string, Backend>> = {
    ops: pair,
    programs: pair,
    gradients: pair,
    ranks: pair,
  };
  const apart: Readonly<Record<string, readonly Backend[]>> = {
    // Called directly, on no team.
    kernels: flushed([1]),
    'kernels, not flushing to zero': isOnce ? [] : plain,
    // Its cases also look at a session while it runs off the event loop.
    session: plain,
  };
  return cases.flatMap(({ group, name, run }) => {
    const own = Object.entries(apart).filter(([label]) => label.split(',')[0] === group);
    if (own.length === 0) {
      const backend = together[group] ?? all;
      return [{ name: `${group}: ${name}`, run: () => run(backend) }];
    }
    return own.flatMap(([label, backends]) =>
      backends.map((backend) => ({
        name: `${label}, ${backend.isa}: ${name}`,
        run: () => run(backend),
      })),
    );
  });
}
