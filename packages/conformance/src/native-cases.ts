import type { Backend } from '@bitgrad/core';
import { type FloatEnvironment, flushing } from './flushing.js';
import { suite } from './suite.js';
import { unanimous } from './unanimous.js';

/** A case of the suite with the backend that it is run on. */
export interface NativeCase {
  readonly name: string;
  readonly run: () => void | Promise<void>;
}

/** How much of the suite is run. */
export interface Extent {
  /** The numbers of threads that trainings are run on, beside one. */
  readonly threads?: readonly number[];
  /**
   * Where a processor is emulated: leaves out what is run a second time, but trainings, and two of
   * five ops and programs (their kinds of numbers and shapes come round in other counts).
   */
  readonly isBrief?: boolean;
}

/**
 * The suite for one instruction set of the native backend. Trainings are run on several numbers of
 * threads; what opens a session for every few shapes, on 1 and 3. All runs but the first of each are
 * made in a thread that flushes subnormal numbers to zero.
 *
 * @param make the backend of that instruction set, on so many threads
 */
export function nativeCases(
  make: (threads: number) => Backend,
  environment: FloatEnvironment,
  { threads = [1, 2, 3, 7], isBrief = false }: Extent = {},
): NativeCase[] {
  const plain = make(1);
  const flushed = (count: number): Backend => flushing(make(count), environment);
  const pair = isBrief ? flushed(3) : unanimous(plain, flushed(3));
  const all = unanimous(plain, ...threads.map(flushed));
  const backends: Readonly<Record<string, readonly Backend[]>> = {
    // Called directly, on no team.
    kernels: isBrief ? [flushed(1)] : [flushed(1), plain],
    ops: [pair],
    programs: [pair],
    gradients: [pair],
    // Its cases also look at a session while it runs off the event loop.
    session: [plain],
    ranks: [pair],
  };
  const isKept = ({ group }: { group: string }, at: number): boolean =>
    !(isBrief && ['ops', 'programs'].includes(group) && at % 5 > 2);
  return suite()
    .filter(isKept)
    .flatMap(({ group, name, run }) =>
      (backends[group] ?? [all]).map((backend, at) => ({
        name: `${group}: ${name}${at > 0 ? ', not flushing to zero' : ''}`,
        run: () => run(backend),
      })),
    );
}
