import {
  type Backend,
  beginPass,
  COUNT,
  type EntryName,
  NonFiniteError,
  POSITION,
  type Program,
  type Session,
  STEP,
  typescriptBackend,
} from '@bitgrad/core';
import { check, expectRefusal, type GroupCase } from '../case.js';
import { copyMemory, expectSameMemory, slicesOf, view } from '../compare.js';
import { programOf, withSession } from '../run-both.js';
import { invalidProgramCases } from './invalid-programs.js';
import { compileCase, fillNetwork, type NetworkCase, SAMPLE_COUNT } from './networks.js';
import { runAsyncCases } from './run-async.js';
import { sampleMemoryCases } from './sample-memory.js';

/** A small network with everything that a pass can have. */
const NETWORK: NetworkCase = {
  name: 'small',
  layers: [12, 9, 4],
  activation: 'relu',
  outputActivation: 'none',
  preprocess: 'binarize',
  shift: { height: 3, width: 4, reach: 1 },
  batchSize: 5,
  l2: 0,
};
const STEPS = Math.ceil(SAMPLE_COUNT / NETWORK.batchSize);

/** What a session promises beside its bits: what it refuses, and that refusing breaks nothing. */
export function sessionCases(): GroupCase[] {
  return [
    { name: 'memory begins as zeros', run: zeros },
    { name: 'one call, a call for each step, and uneven calls give the same bits', run: chunks },
    { name: 'a pass may begin anywhere', run: middle },
    { name: 'no steps are allowed and do nothing', run: noSteps },
    { name: 'an entry without ops counts its steps', run: noOps },
    { name: 'sessions share nothing', run: apart },
    { name: 'a hundred sessions', run: many },
    { name: 'a closed session refuses to run; closing twice is allowed', run: closed },
    { name: 'unknown entries are refused', run: unknownEntries },
    { name: 'entries may have any name', run: anyName },
    { name: 'bad numbers of steps are refused', run: badSteps },
    { name: 'bad control is refused', run: badControl },
    { name: 'a pass larger than its slices is refused, beside slices of no width', run: noWidth },
    { name: 'a sample index out of range is refused', run: badIndex },
    { name: 'a target out of range is refused', run: badTarget },
    { name: 'a loss that is not finite ends the run and names the step', run: nonFinite },
    ...invalidProgramCases(),
    ...sampleMemoryCases(NETWORK),
    ...runAsyncCases(NETWORK),
  ];
}

/** Runs `use` on a session that is ready for a pass over all samples. */
function withReady(backend: Backend, use: (session: Session, program: Program) => void): void {
  const program = compileCase(NETWORK, 'sgd');
  withSession(backend, program, (session) => {
    fillNetwork(NETWORK, session.memory);
    beginPass(session.memory, SAMPLE_COUNT);
    use(session, program);
  });
}

/** Fails unless the session still trains as the TypeScript backend does. */
function expectStillWorks(session: Session, program: Program): void {
  withSession(typescriptBackend(), program, (oracle) => {
    fillNetwork(NETWORK, session.memory);
    beginPass(session.memory, SAMPLE_COUNT);
    copyMemory(program, session.memory, oracle.memory);
    for (const one of [session, oracle]) one.run('train', STEPS);
    expectSameResults(program, session, oracle, 'a pass after a refusal');
  });
}

function expectSameResults(program: Program, a: Session, b: Session, where: string): void {
  expectSameMemory(program, a.memory, b.memory, where, ({ name }) =>
    /^(control|losses|predicted|layers\.\d\.(weight|bias))$/.test(name),
  );
}

function zeros(backend: Backend): void {
  const program = compileCase(NETWORK, 'sgd');
  // Twice, because the second may be given the memory of the first.
  for (let i = 0; i < 2; i += 1) {
    withSession(backend, program, ({ memory }) => {
      for (const slice of slicesOf(program)) {
        const values = view(memory, slice);
        check(values.length === slice.length, `slice "${slice.name}": wrong length`);
        check(
          values.every((value) => value === 0),
          `slice "${slice.name}": expected zeros`,
        );
        values.fill(1);
      }
    });
  }
}

function chunks(backend: Backend): void {
  withReady(backend, (whole, program) => {
    whole.run('train', STEPS);
    for (const calls of [
      [1, 1, 1, 1, 1],
      [2, 3],
      [0, 4, 0, 1],
    ]) {
      withReady(backend, (session) => {
        for (const steps of calls) session.run('train', steps);
        expectSameResults(program, session, whole, `calls of ${calls} steps`);
      });
    }
  });
}

function middle(backend: Backend): void {
  withReady(backend, (session, program) => {
    withReady(typescriptBackend(), (oracle) => {
      for (const one of [session, oracle]) {
        const control = one.memory.u32('control');
        control[POSITION] = 3;
        control[COUNT] = 14;
        control[STEP] = 1;
        one.run('train', 3);
      }
      expectSameResults(program, session, oracle, 'rows 3 to 14 from step 1');
    });
  });
}

function noSteps(backend: Backend): void {
  withReady(backend, (session, program) => {
    withReady(backend, (untouched) => {
      session.run('train', 0);
      expectSameMemory(program, session.memory, untouched.memory, 'after 0 steps');
      beginPass(session.memory, 0);
      session.run('evaluate', 0);
    });
  });
}

function noOps(backend: Backend): void {
  withSession(backend, programOf([], 4, []), ({ memory, run }) => {
    beginPass(memory, 10);
    run('train', 3);
    const control = [...memory.u32('control')].join();
    check(control === '10,10,3', `control: expected 10,10,3, received ${control}`);
  });
}

function apart(backend: Backend): void {
  withReady(backend, (first, program) => {
    withReady(backend, (second) => {
      withReady(backend, (untouched) => {
        first.run('train', STEPS);
        expectSameMemory(program, second.memory, untouched.memory, 'beside another session');
        second.run('train', STEPS);
        expectSameResults(program, second, first, 'one after the other');
      });
    });
  });
}

function many(backend: Backend): void {
  const program = compileCase(NETWORK, 'sgd');
  const sessions = Array.from({ length: 100 }, () => backend.open(program));
  for (const session of sessions) session.close();
}

function closed(backend: Backend): void {
  const session = backend.open(compileCase(NETWORK, 'sgd'));
  fillNetwork(NETWORK, session.memory);
  beginPass(session.memory, SAMPLE_COUNT);
  session.close();
  session.close();
  expectRefusal(() => session.run('train', 1), 'run on a closed session');
}

function unknownEntries(backend: Backend): void {
  withReady(backend, (session, program) => {
    for (const entry of ['predict', 'Train', '', 'toString', '__proto__', undefined, null, 1]) {
      expectRefusal(() => session.run(entry as EntryName, 1), `entry ${String(entry)}`);
    }
    expectStillWorks(session, program);
  });
}

function anyName(backend: Backend): void {
  withReady(typescriptBackend(), (oracle, whole) => {
    oracle.run('train', 2);
    const { train } = whole.entries;
    for (const name of ['a step', 'toString', '0', '']) {
      const program: Program = {
        ...whole,
        entries: { other: whole.entries.evaluate!, [name]: train! },
      };
      withSession(backend, program, (session) => {
        fillNetwork(NETWORK, session.memory);
        beginPass(session.memory, SAMPLE_COUNT);
        session.run(name, 2);
        expectSameResults(program, session, oracle, `entry "${name}"`);
      });
    }
  });
}

function badSteps(backend: Backend): void {
  withReady(backend, (session, program) => {
    for (const steps of [STEPS + 1, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 32, '1']) {
      expectRefusal(() => session.run('train', steps as number), `${steps} steps`);
    }
    expectStillWorks(session, program);
    expectRefusal(() => session.run('train', 1), 'a step after the pass has ended');
  });
}

function badControl(backend: Backend): void {
  withReady(backend, (session, program) => {
    for (const [position, count, step] of [
      [SAMPLE_COUNT + 1, SAMPLE_COUNT, 0],
      [0, SAMPLE_COUNT + 1, 0],
      [0, 0xffffffff, 0],
      [0xfffffff0, 0xffffffff, 0],
      [0, SAMPLE_COUNT, STEPS],
      [0, SAMPLE_COUNT, 0xffffffff],
    ] as const) {
      session.memory.u32('control').set([position, count, step]);
      expectRefusal(() => session.run('train', 1), `control ${position}, ${count}, ${step}`);
    }
    expectStillWorks(session, program);
  });
}

/** An op whose rows take nothing sets no limit, and takes none away. */
function noWidth(backend: Backend): void {
  for (const length of [0, 3]) {
    const program = programOf(
      [
        { op: 'emit', logits: 'logits', outputs: 'nothing', width: 0 },
        { op: 'argmax', logits: 'logits', predicted: 'predicted', classes: 2 },
        { op: 'emit', logits: 'logits', outputs: 'nothing', width: 0 },
      ],
      4,
      [
        ['logits', 'f32', 4, 2],
        ['predicted', 'u32', 6],
        ['nothing', 'f32', length],
      ],
    );
    withSession(backend, program, (session) => {
      for (const count of [7, 1000, 0x7fffffff]) {
        beginPass(session.memory, count);
        expectRefusal(() => session.run('train', 1), `${count} rows where there is room for 6`);
      }
      beginPass(session.memory, 6);
      session.run('train', 2);
    });
  }
}

function badIndex(backend: Backend): void {
  for (const index of [SAMPLE_COUNT, 0x7fffffff, 0x80000000, 0xffffffff]) {
    for (const position of [0, 7, SAMPLE_COUNT - 1]) {
      withReady(backend, (session, program) => {
        session.memory.u32('order')[position] = index;
        const what = `sample index ${index} at position ${position}`;
        expectRefusal(() => session.run('train', STEPS), what);
        const step = Math.floor(position / NETWORK.batchSize);
        check(
          session.memory.u32('control')[STEP] === step,
          `${what}: expected ${step} steps in control, received ${session.memory.u32('control')[STEP]}`,
        );
        expectStillWorks(session, program);
      });
    }
  }
}

function badTarget(backend: Backend): void {
  for (const label of [4, 0x7fffffff, 0x80000000, 0xffffffff]) {
    withReady(backend, (session, program) => {
      const sample = session.memory.u32('order')[11]!;
      session.memory.u32('labels')[sample] = label;
      expectRefusal(() => session.run('train', STEPS), `label ${label}`);
      expectStillWorks(session, program);
    });
  }
}

function nonFinite(backend: Backend): void {
  for (const step of [0, 2, 4]) {
    withReady(backend, (session, program) => {
      // From this step's update on, weights are so large that sums overflow.
      const rates = session.memory.f32('rates');
      if (step === 0) session.memory.f32('layers.1.weight').fill(Number.NaN);
      else rates[step - 1] = 1e38;
      const error = expectRefusal(() => session.run('train', STEPS), 'a loss that is not finite');
      check(error instanceof NonFiniteError, `expected a NonFiniteError, received ${error.name}`);
      check(error.step === step, `expected step ${step} in the error, received ${error.step}`);
      check(session.memory.u32('control')[STEP] === step, `expected ${step} steps in control`);
      expectStillWorks(session, program);
    });
  }
}
