import {
  type Backend,
  beginPass,
  type EntryName,
  type Memory,
  type Op,
  type Program,
  planMemory,
  type Session,
  type Slice,
  type SliceDeclaration,
  typescriptBackend,
} from '@bitgrad/core';
import { copyMemory, expectFinite, expectSameMemory } from './compare.js';

/** A program whose entry `train` is `ops`, over slices made by hand; `control` is added. */
export function programOf(
  ops: readonly Op[],
  batchSize: number,
  declarations: readonly SliceDeclaration[],
): Program {
  return {
    ...planMemory([['control', 'u32', 3], ...declarations]),
    entries: { train: { batchSize, ops } },
  };
}

/** Opens a session, runs `use` and closes the session, whatever happens. */
export function withSession<Result>(
  backend: Backend,
  program: Program,
  use: (session: Session) => Result,
): Result {
  const session = backend.open(program);
  try {
    return use(session);
  } finally {
    session.close();
  }
}

export interface Pass {
  readonly program: Program;
  readonly entry: EntryName;
  readonly count: number;
  /** Writes all that the pass reads. */
  readonly fill: (memory: Memory) => void;
  /** Which slices are compared; by default all. */
  readonly isCompared?: ((slice: Slice) => boolean) | undefined;
  /** Said before every message. */
  readonly where: string;
}

/**
 * Runs a pass step by step on `backend` and on the TypeScript backend, from the same memory, and
 * compares every slice after every step.
 */
export function expectSamePass(
  backend: Backend,
  { program, entry, count, fill, where, isCompared }: Pass,
): void {
  const steps = Math.ceil(count / program.entries[entry]!.batchSize);
  withSession(typescriptBackend(), program, (oracle) => {
    fill(oracle.memory);
    beginPass(oracle.memory, count);
    withSession(backend, program, (session) => {
      copyMemory(program, oracle.memory, session.memory);
      for (let step = 0; step < steps; step += 1) {
        oracle.run(entry, 1);
        expectFinite(program, oracle.memory, where);
        session.run(entry, 1);
        expectSameMemory(
          program,
          session.memory,
          oracle.memory,
          `${where}, step ${step + 1} of ${steps}`,
          isCompared,
        );
      }
    });
  });
}
