import {
  type Backend,
  COUNT,
  type Memory,
  type Op,
  type Program,
  planMemory,
  type Session,
  type SliceDeclaration,
  typescriptBackend,
} from '@bitgrad/core';
import { nativeAvailability, nativeBackend } from '@bitgrad/core-native';
import { expect } from 'vitest';
import { missing } from '../../../scripts/require.mjs';

/** Whether the addon is absent here and nobody requires it. */
export const isMissing = missing('native');

/** Counts of threads that results must not depend on. */
export const TEAMS = [2, 3, 7];

/** The native backend on one thread, for each instruction set that this machine can run. */
export const nativeBackends: readonly Backend[] = (() => {
  const availability = nativeAvailability();
  if (!availability.available) return [];
  return availability.isa.map((isa) => nativeBackend({ isa, threads: 1 }));
})();

/** The same on several threads: with the fastest instruction set, and once with each of the others. */
export const nativeTeams: readonly Backend[] = isNativeHere()
  ? [
      ...TEAMS.map((threads) => nativeBackend({ threads })),
      ...nativeBackends.slice(1).map(({ isa }) => nativeBackend({ isa, threads: 2 })),
    ]
  : [];

function isNativeHere(): boolean {
  return nativeAvailability().available;
}

export const typescript = typescriptBackend();

/** Sizes around the widths of vectors and tiles. */
export const SIZES = [0, 1, 7, 15, 16, 17, 31, 33, 65, 257];

/** Numbers for tests: the same ones in every run. */
export class Numbers {
  private state: number;

  constructor(seed: number) {
    this.state = seed + 0x9e3779b9;
  }

  /** An integer from 0 to 2^32 − 1 (a mixed counter). */
  u32(): number {
    this.state = (this.state + 0x9e3779b9) | 0;
    let x = this.state;
    x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
    x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
    return (x ^ (x >>> 15)) >>> 0;
  }

  below(limit: number): number {
    return this.u32() % limit;
  }

  /** A byte that is 0 in `zeros` of 16 cases. */
  byte(zeros: number): number {
    return this.below(16) < zeros ? 0 : 1 + this.below(255);
  }

  pick<T>(values: readonly T[]): T {
    return values[this.below(values.length)]!;
  }

  /** `zeros` of 16 values are 0, some of them −0; the others are of `kind`. */
  floats(length: number, kind: Kind, zeros: number): Float32Array {
    return Float32Array.from({ length }, () => {
      if (this.below(16) < zeros) return this.below(4) === 0 ? -0 : 0;
      return KINDS[kind](this);
    });
  }
}

export const KINDS = {
  /** Around 1, either sign. */
  plain: (numbers: Numbers) => numbers.u32() / 2 ** 31 - 1,
  /** So small that products, and many of the numbers themselves, are subnormal or 0. */
  subnormal: (numbers: Numbers) => (numbers.u32() / 2 ** 31 - 1) * 2 ** (-100 - numbers.below(50)),
  /** Magnitudes from 2^-40 to 2^40: sums that depend on their order at every step. */
  wide: (numbers: Numbers) => (numbers.u32() / 2 ** 31 - 1) * 2 ** (numbers.below(81) - 40),
};
export type Kind = keyof typeof KINDS;
export const KIND_NAMES = Object.keys(KINDS) as Kind[];

/** Writes random numbers to the named f32 slices, `zeros` of 16 of them 0. */
export function fillF32(
  memory: Memory,
  names: readonly string[],
  numbers: Numbers,
  zeros = 2,
): void {
  const kind = numbers.pick(KIND_NAMES);
  for (const name of names) {
    const slice = memory.f32(name);
    slice.set(numbers.floats(slice.length, kind, zeros));
  }
}

/** Writes random integers from 0 to `limit − 1`. */
export function fillBelow(slice: Uint32Array | Uint8Array, limit: number, numbers: Numbers): void {
  for (let i = 0; i < slice.length; i += 1) slice[i] = numbers.below(Math.max(1, limit));
}

/** A program of one entry, `train`, that runs `ops` on steps of `rows` rows. */
export function programOf(rows: number, slices: SliceDeclaration[], ops: Op[]): Program {
  const memory = planMemory([['control', 'u32', 3], ...slices]);
  return { ...memory, entries: { train: { batchSize: Math.max(1, rows), ops } } };
}

/**
 * Opens the program, lets `fill` write to its memory, freezes the samples if asked, and sets the pass
 * to `count` rows.
 */
export function openFilled(
  backend: Backend,
  program: Program,
  count: number,
  fill: (memory: Memory) => void,
  isFrozen = false,
): Session {
  const session = backend.open(program);
  fill(session.memory);
  if (isFrozen) session.freezeSamples?.();
  session.memory.u32('control')[COUNT] = count;
  return session;
}

/**
 * Runs a program on the TypeScript backend and on every native one, from the same memory, and
 * compares all of memory, byte by byte, after every run of one to three steps.
 *
 * @param isLeftOpen names slices that a backend need not write, where it can do without
 * @param change writes to the memory of every backend between two runs
 */
export function expectParity(
  what: string,
  program: Program,
  count: number,
  fill: (memory: Memory) => void,
  isLeftOpen: (slice: string) => boolean = () => false,
  change?: (memory: Memory) => void,
): void {
  const { batchSize } = program.entries.train!;
  const sessions = [typescript, ...nativeBackends, ...nativeTeams].map((backend, at) => ({
    what: `${what}, ${backend.isa}, ${backend.threads} threads`,
    session: openFilled(backend, program, count, fill, at % 2 === 1),
  }));
  const [expected, ...others] = sessions;
  const total = Math.ceil(count / batchSize);
  for (let done = 0, run = 0; run === 0 || done < total; run += 1) {
    const steps = Math.min(1 + (run % 3), total - done);
    done += steps;
    for (const { session } of sessions) {
      if (run > 0) change?.(session.memory);
      session.run('train', steps);
    }
    for (const { what, session } of others) {
      expectSameMemory(`${what}, step ${done}`, program, session, expected!.session, isLeftOpen);
    }
  }
  for (const { session } of sessions) session.close();
}

export function expectSameMemory(
  what: string,
  program: Program,
  received: Session,
  expected: Session,
  isLeftOpen: (slice: string) => boolean = () => false,
): void {
  for (const { name, type } of program.slices) {
    if (isLeftOpen(name)) continue;
    expectSameBits(`${what}, ${name}`, received.memory[type](name), expected.memory[type](name));
  }
}

type Bits = Float32Array | Float64Array | Uint32Array | Int32Array | Uint8Array;

/** Compares two arrays by their bytes. The message says where they differ first. */
export function expectSameBits(what: string, received: Bits, expected: Bits): void {
  const left = Buffer.from(received.buffer, received.byteOffset, received.byteLength);
  const right = Buffer.from(expected.buffer, expected.byteOffset, expected.byteLength);
  if (left.equals(right)) return;
  const index = received.findIndex((value, i) => !Object.is(value, expected[i]));
  const hex = (array: Bits) =>
    Buffer.from(array.slice(index, index + 1).buffer)
      .reverse()
      .toString('hex');
  expect.fail(
    `${what}[${index}]: expected ${expected[index]} (${hex(expected)}), received ${received[index]} (${hex(received)})`,
  );
}
