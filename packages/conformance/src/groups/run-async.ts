import {
  AbortedError,
  type Backend,
  BitgradError,
  beginPass,
  type EntryName,
  NonFiniteError,
  type Program,
  type Session,
  STEP,
  typescriptBackend,
} from '@bitgrad/core';
import { check, type GroupCase } from '../case.js';
import { expectSameMemory } from '../compare.js';

import { compileCase, fillNetwork, type NetworkCase } from './networks.js';

/** Steps of a pass that takes long enough to be interrupted. */
const LONG = 200_000;

type RunAsync = NonNullable<Session['runAsync']>;
type AsyncSession = Session & { readonly runAsync: RunAsync };

/** `runAsync`, for backends that have it; a backend without passes by having nothing to get wrong. */
export function runAsyncCases(network: NetworkCase): GroupCase[] {
  const withReady = async (
    backend: Backend,
    samples: number,
    use: (session: AsyncSession, program: Program) => Promise<void>,
  ): Promise<void> => {
    const program = compileCase(network, 'sgd', samples);
    const session = backend.open(program);
    try {
      if (session.runAsync === undefined) return;
      fill(session, network, samples);
      await use(session as AsyncSession, program);
    } finally {
      session.close();
    }
  };
  const stepsOf = (samples: number): number => Math.ceil(samples / network.batchSize);

  const sameBits = (backend: Backend): Promise<void> =>
    withReady(backend, 1000, async (session, program) => {
      await session.runAsync('train', stepsOf(1000));
      expectAsOracle(program, session, network, 1000, stepsOf(1000));
    });

  const abortedBefore = (backend: Backend): Promise<void> =>
    withReady(backend, 1000, async (session) => {
      const running = async (): Promise<void> =>
        session.runAsync('train', stepsOf(1000), AbortSignal.abort());
      await expectRejection(running, AbortedError, 'a signal that has fired before');
      check(session.memory.u32('control')[STEP] === 0, 'expected no step to be done');
    });

  const abortedDuring = (backend: Backend): Promise<void> =>
    withReady(backend, LONG, async (session, program) => {
      const controller = new AbortController();
      const running = session.runAsync('train', stepsOf(LONG), controller.signal);
      controller.abort();
      await expectRejection(() => running, AbortedError, 'a signal that fires during the run');
      const done = session.memory.u32('control')[STEP]!;
      check(done < stepsOf(LONG), 'expected the run to end early');
      expectAsOracle(program, session, network, LONG, done);
      // What was done stays done, and the rest can follow.
      await session.runAsync('train', 1);
      expectAsOracle(program, session, network, LONG, done + 1);
    });

  const reentry = (backend: Backend): Promise<void> =>
    withReady(backend, LONG, async (session) => {
      const controller = new AbortController();
      const running = session.runAsync('train', stepsOf(LONG), controller.signal);
      const refused: readonly [string, () => unknown][] = [
        ['run', () => session.run('train', 1)],
        ['runAsync', () => session.runAsync('train', 1)],
        ['close', () => session.close()],
      ];
      try {
        for (const [what, act] of refused) {
          await expectRejection(act, BitgradError, `${what} during a runAsync`);
        }
      } finally {
        controller.abort();
        await running.catch(() => undefined);
      }
    });

  const errors = (backend: Backend): Promise<void> =>
    withReady(backend, 1000, async (session, program) => {
      const run = (entry: string, steps: number) => () =>
        session.runAsync(entry as EntryName, steps);
      await expectRejection(run('predict', 1), BitgradError, 'an unknown entry');
      await expectRejection(run('train', stepsOf(1000) + 1), BitgradError, 'too many steps');
      const order = session.memory.u32('order');
      const kept = order[7]!;
      order[7] = 1000;
      await expectRejection(run('train', 3), BitgradError, 'a sample index out of range');
      order[7] = kept;
      fill(session, network, 1000);
      session.memory.f32('rates')[2] = 1e38;
      const error = await expectRejection(run('train', 9), NonFiniteError, 'a loss that overflows');
      check((error as NonFiniteError).step === 3, `expected step 3, received ${error.message}`);
      fill(session, network, 1000);
      await session.runAsync('train', 9);
      expectAsOracle(program, session, network, 1000, 9);
    });

  const closed = (backend: Backend): Promise<void> =>
    withReady(backend, 1000, async (session) => {
      session.close();
      await expectRejection(() => session.runAsync('train', 1), BitgradError, 'a closed session');
    });

  return [
    { name: 'runAsync gives the same bits', run: sameBits },
    { name: 'runAsync does nothing after an abort', run: abortedBefore },
    { name: 'runAsync ends between two steps when aborted', run: abortedDuring },
    { name: 'runAsync keeps run, runAsync and close out', run: reentry },
    { name: 'runAsync refuses what run refuses', run: errors },
    { name: 'runAsync refuses a closed session', run: closed },
  ];
}

function fill(session: Session, network: NetworkCase, samples: number): void {
  fillNetwork(network, session.memory);
  beginPass(session.memory, samples);
}

/** Fails unless the session stands where the TypeScript backend stands after `steps` steps. */
function expectAsOracle(
  program: Program,
  session: Session,
  network: NetworkCase,
  samples: number,
  steps: number,
): void {
  const oracle = typescriptBackend().open(program);
  fill(oracle, network, samples);
  oracle.run('train', steps);
  expectSameMemory(program, session.memory, oracle.memory, `after ${steps} steps`, ({ name }) =>
    /^(control|losses|layers\.\d\.(weight|bias))$/.test(name),
  );
  oracle.close();
}

/** Fails unless `act` throws, or its promise rejects, with an error of a kind. */
async function expectRejection(
  act: () => unknown,
  kind: new (...values: never[]) => Error,
  what: string,
): Promise<Error> {
  try {
    await act();
  } catch (error) {
    check(error instanceof kind, `${what}: expected a ${kind.name}, received ${error}`);
    return error;
  }
  throw new Error(`${what}: expected a ${kind.name}, received none`);
}
