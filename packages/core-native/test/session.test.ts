import {
  AbortedError,
  BitgradError,
  COUNT,
  compileTraining,
  NonFiniteError,
  type Op,
  POSITION,
  type Program,
  parseLayers,
  type Session,
  STEP,
} from '@bitgrad/core';
import { nativeAvailability, nativeBackend } from '@bitgrad/core-native';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { isMissing, nativeBackends, nativeTeams, programOf } from './support.js';

/** One thread and a team; the tests of a session run on each. */
const kinds = [...nativeBackends.slice(0, 1), ...nativeTeams.slice(0, 1)];
let [backend] = kinds;
const sessions: Session[] = [];
afterEach(() => {
  for (const session of sessions.splice(0)) session.close();
});

function open(program: Program): Session {
  const session = backend!.open(program);
  sessions.push(session);
  return session;
}

const LONGEST = 0x7fffffff;
const relu: Op = { op: 'activation', output: 'output', width: 64, activation: 'relu' };
/** Steps that take about a minute in all. */
const endless = programOf(1, [['output', 'f32', 1, 64]], [relu]);

function openEndless(): Session {
  const session = open(endless);
  session.memory.u32('control')[COUNT] = LONGEST;
  return session;
}

const training = compileTraining(
  { layers: [4, 3, 2], activation: 'relu', outputActivation: 'none' },
  { sampleCount: 5, capacity: 5, preprocess: 'none', shift: null },
  { batchSize: 2, optimizer: 'sgd', l2: 0 },
);

function openTraining(): Session {
  const session = open(training);
  session.memory.f32('samples').fill(1);
  session.memory.f32('layers.0.weight').fill(0.5);
  session.memory.f32('layers.1.weight').fill(0.5);
  session.memory.u32('control')[COUNT] = 5;
  return session;
}

describe.skipIf(isMissing).each(kinds)('a session, threads: $threads', (kind) => {
  beforeAll(() => {
    backend = kind;
  });

  test('has memory that is zero and aligned, and advances control', () => {
    const session = openTraining();
    expect(session.memory.f32('layers.0.bias')).toEqual(new Float32Array(3));
    session.run('train', 2);
    expect([...session.memory.u32('control')]).toEqual([4, 5, 2]);
    session.run('train', 1);
    expect([...session.memory.u32('control')]).toEqual([5, 5, 3]);
  });

  test('refuses a pass that does not fit, as every backend does', () => {
    const session = openTraining();
    expect(() => session.run('train', 4)).toThrow(/at most 3 steps/);
    expect(() => session.run('predict', 1)).toThrow(/one of the entries train, evaluate/);
    session.memory.u32('control')[COUNT] = 6;
    expect(() => session.run('train', 1)).toThrow(/count ≤ 5/);
  });

  test('ends at a sample index or a target out of range, and at a loss that is not finite', () => {
    const session = openTraining();
    const { memory } = session;
    memory.u32('order')[3] = 5;
    expect(() => session.run('train', 3)).toThrow(/sample indices .*step 2/);
    expect(memory.u32('control')[STEP]).toBe(1);
    memory.u32('order')[3] = 0;
    memory.u32('labels')[0] = 2;
    expect(() => session.run('train', 1)).toThrow(/class indices .*step 2/);
    memory.u32('labels')[0] = 0;
    memory.f32('layers.1.weight')[0] = Number.NaN;
    expect(() => session.run('train', 1)).toThrow(NonFiniteError);
  });

  test('finds a target out of range, or a loss that is not finite, in any row of a large step', () => {
    const rows = 70;
    const program = programOf(
      rows,
      [
        ['logits', 'f32', rows, 3],
        ['targets', 'u32', rows],
        ['losses', 'f32', rows],
        ['dLogits', 'f32', rows, 3],
      ],
      [
        {
          op: 'softmaxCrossEntropy',
          logits: 'logits',
          targets: 'targets',
          losses: 'losses',
          dLogits: 'dLogits',
          classes: 3,
        },
      ],
    );
    for (const row of [0, 31, 32, 69]) {
      const session = open(program);
      session.memory.u32('control')[COUNT] = rows;
      session.memory.u32('targets')[row] = 3;
      expect(() => session.run('train', 1), `target in row ${row}`).toThrow(/class indices/);
      session.memory.u32('targets')[row] = 0;
      session.memory.f32('logits')[3 * row] = Number.NaN;
      expect(() => session.run('train', 1), `logit in row ${row}`).toThrow(NonFiniteError);
      session.memory.f32('logits')[3 * row] = 0;
      session.run('train', 1);
    }
  });

  test.each([0, 8, 19])('ends at a wrong sample %i before members meet in a norm', (at) => {
    const program = compileTraining(
      { layers: parseLayers('4,16,norm,16,norm,2'), activation: 'relu', outputActivation: 'none' },
      { sampleCount: 20, capacity: 20, preprocess: 'none', shift: null },
      { batchSize: 20, optimizer: 'sgd', l2: 0 },
    );
    const session = open(program);
    session.memory.u32('control')[COUNT] = 20;
    session.memory.u32('order')[at] = 20;
    expect(() => session.run('train', 1)).toThrow(/sample indices .*step 1/);
    session.memory.u32('order')[at] = 0;
    session.run('train', 1);
    expect(session.memory.u32('control')[POSITION]).toBe(20);
  });

  test('gives the same errors off the event loop', async () => {
    const session = openTraining();
    session.memory.u32('order')[3] = 5;
    await expect(session.runAsync!('train', 3)).rejects.toThrow(/sample indices .*step 2/);
    session.memory.u32('order')[3] = 0;
    await session.runAsync!('train', 2);
    expect(session.memory.u32('control')[POSITION]).toBe(5);
  });

  test('refuses everything once closed; closing twice is allowed; memory stays readable', async () => {
    const session = openTraining();
    session.run('train', 1);
    const weight = session.memory.f32('layers.0.weight').slice();
    session.close();
    session.close();
    expect(() => session.run('train', 1)).toThrow(BitgradError);
    await expect(session.runAsync!('train', 1)).rejects.toThrow(/closed/);
    expect(session.memory.f32('layers.0.weight')).toEqual(weight);
  });

  test('refuses run, close and a second runAsync while a runAsync is under way', async () => {
    const session = openEndless();
    const abort = new AbortController();
    const running = session.runAsync!('train', LONGEST, abort.signal);
    expect(() => session.run('train', 1)).toThrow(/idle session/);
    expect(() => session.close()).toThrow(/idle session/);
    await expect(session.runAsync!('train', 1)).rejects.toThrow(/idle session/);
    abort.abort();
    await expect(running).rejects.toThrow(AbortedError);
    // The steps done stay done, and the session can go on.
    const done = session.memory.u32('control')[STEP]!;
    session.run('train', 10);
    expect(session.memory.u32('control')[STEP]).toBe(done + 10);
  });

  test('does nothing with a signal that was aborted before', async () => {
    const session = openEndless();
    const running = session.runAsync!('train', LONGEST, AbortSignal.abort());
    await expect(running).rejects.toThrow(AbortedError);
    expect(session.memory.u32('control')[STEP]).toBe(0);
  });

  test('shows progress in control, and leaves the event loop free', async () => {
    const session = openEndless();
    const abort = new AbortController();
    const running = session.runAsync!('train', LONGEST, abort.signal).catch(() => 'ended');
    const control = session.memory.u32('control');
    while (control[STEP]! < 1000) await new Promise((resolve) => setTimeout(resolve, 1));
    abort.abort();
    await expect(running).resolves.toBe('ended');
  });

  test('refuses to run when its buffer was taken away', () => {
    const session = openTraining();
    const buffer = session.memory.u32('control').buffer as ArrayBuffer & { transfer?(): void };
    const run = () => session.run('train', 1);
    // From Node 22 on there is a method that takes it away; Node 20 copies it instead.
    if (buffer.transfer) buffer.transfer();
    else structuredClone(buffer, { transfer: [buffer] });
    if (buffer.byteLength === 0) expect(run).toThrow(/detached/);
    else expect(run).not.toThrow();
  });

  test('refuses what is no valid program', () => {
    for (const program of [null, 1, {}, { slices: [], bytes: 0, entries: {} }]) {
      expect(() => backend!.open(program as never)).toThrow(BitgradError);
    }
    const changed = { ...training, bytes: 64 };
    expect(() => backend!.open(changed)).toThrow(/inside the arena/);
    const [entry] = Object.values(training.entries);
    const wrong = { ...entry!, ops: [{ ...relu, width: 1000, output: 'logits' } as Op] };
    expect(() => backend!.open({ ...training, entries: { train: wrong } })).toThrow(/activation/);
  });

  test('is not confused by changes to its program', () => {
    const program = structuredClone(training);
    const session = open(program);
    session.memory.u32('control')[COUNT] = 5;
    (program.entries.train as { batchSize: number }).batchSize = 1;
    expect(() => session.run('train', 5)).toThrow(/at most 3 steps/);
  });
});

describe.skipIf(isMissing)('nativeBackend', () => {
  test('says what it is', () => {
    const availability = nativeAvailability();
    if (!availability.available) throw new Error(availability.reason);
    for (const isa of availability.isa) {
      expect(nativeBackend({ isa, threads: 1 })).toMatchObject({ name: 'native', isa, threads: 1 });
    }
    expect(nativeBackend({ threads: 4 }).threads).toBe(4);
  });

  test('refuses an instruction set that is not here, from the option or the environment', () => {
    expect(() => nativeBackend({ isa: 'mmx' })).toThrow(/among .*received "mmx"/);
    process.env.BITGRAD_ISA = 'vax';
    try {
      expect(() => nativeBackend()).toThrow(/received "vax"/);
      const [isa] = nativeBackends.map((one) => one.isa);
      expect(nativeBackend({ isa: isa! }).isa).toBe(isa);
    } finally {
      delete process.env.BITGRAD_ISA;
    }
  });

  test('refuses threads that are no number of threads', () => {
    for (const threads of [0, -1, 1.5, Number.NaN]) {
      expect(() => nativeBackend({ threads })).toThrow(BitgradError);
    }
  });

  test('has direct kernels that refuse arrays that are too short, or claim to be longer', () => {
    const { kernels } = backend!;
    const short = new Float32Array(3);
    expect(() => kernels.sscal(4, 1, short, 1)).toThrow(BitgradError);
    Object.defineProperty(short, 'length', { value: 1e9 });
    expect(() => kernels.sscal(1e9, 1, short, 1)).toThrow(TypeError);
    expect(() => kernels.sgemm(false, false, 9, 9, 9, 1, short, 9, short, 9, 0, short, 9)).toThrow(
      TypeError,
    );
  });
});
