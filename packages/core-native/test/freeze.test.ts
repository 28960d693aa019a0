import { type Backend, compileTraining, type Session, typescriptBackend } from '@bitgrad/core';
import { describe, expect, test } from 'vitest';
import { expectSameMemory, isMissing, Numbers, nativeBackends } from './support.js';

const FEATURES = 784;
/** Several pieces of a megabyte. */
const SAMPLES = 4000;
const STEPS = 3;

const program = compileTraining(
  { layers: [FEATURES, 6, 3], activation: 'relu', outputActivation: 'none' },
  { sampleCount: SAMPLES, capacity: 64, preprocess: 'binarize', shift: null },
  { batchSize: 16, optimizer: 'sgd', l2: 0 },
);
const numbers = new Numbers(1);
const indices = Uint32Array.from({ length: 16 * STEPS }, () => numbers.below(SAMPLES));
/** Most values are 0, as a digit's are. */
const images = Uint8Array.from({ length: SAMPLES * FEATURES }, () => numbers.byte(13));

function open(backend: Backend): Session {
  const session = backend.open(program);
  session.memory.u8('samples').set(images);
  return filled(session);
}

/** The session, with all but its samples. */
function filled(session: Session): Session {
  const { memory } = session;
  memory.u32('order').set(indices);
  for (const name of ['layers.0.weight', 'layers.1.weight']) {
    const weights = memory.f32(name);
    weights.set(new Numbers(2).floats(weights.length, 'plain', 0));
  }
  memory.f32('rates').fill(0.1);
  return session;
}

const isResult = (name: string): boolean => /^(losses|layers\.\d\.(weight|bias))$/.test(name);

function expectSameTraining(received: Session, expected: Session, what: string): void {
  for (const session of [received, expected]) {
    session.memory.u32('control').set([0, indices.length, 0]);
    session.run('train', STEPS);
  }
  expectSameMemory(what, program, received, expected, (name) => !isResult(name));
}

/** Turns of the event loop until some work is done, with something done in each. */
async function turnsOf(work: Promise<void>, each: (turn: number) => void): Promise<number> {
  let [turns, isOver] = [0, false];
  const over = work.finally(() => {
    isOver = true;
  });
  while (!isOver) {
    await new Promise((turn) => setImmediate(turn));
    if (!isOver) each(turns);
    turns += 1;
  }
  await over;
  return turns;
}

describe.skipIf(isMissing).each(nativeBackends)('freezing samples in pieces, $isa', (backend) => {
  test('lets the event loop turn after each, refuses other calls meanwhile, and changes no bit', async () => {
    const [received, expected] = [open(backend), open(typescriptBackend())];
    const turns = await turnsOf(received.freezeSamplesAsync!(), () => {
      const refusal = /expected an idle session, received one with a freezeSamplesAsync under way/;
      expect(() => received.run('train', 1)).toThrow(refusal);
      expect(() => received.freezeSamples!()).toThrow(refusal);
      expect(() => received.close()).toThrow(refusal);
    });
    // Values are counted, then listed, a megabyte at a time.
    expect(turns).toBeGreaterThanOrEqual(2 * Math.ceil((SAMPLES * FEATURES) / 2 ** 20));
    expectSameTraining(received, expected, 'frozen in pieces');
    for (const session of [received, expected]) session.close();
    await expect(received.freezeSamplesAsync!()).rejects.toThrow('received a closed one');
  });

  test('takes the list that another session has made meanwhile', async () => {
    const { train, evaluate } = program.entries;
    const activation = evaluate!.ops.filter(({ op }) => op === 'activation');
    // The entry after it has no use for a list.
    const shared = {
      ...program,
      entries: { train: train!, last: { ...evaluate!, ops: activation } },
    };
    for (let when = 0; when < 8; when += 1) {
      const expected = open(typescriptBackend());
      const samples = backend.openSamples!(shared);
      samples.memory.u8('samples').set(images);
      const sessions = [0, 1].map(() => backend.open(shared, samples));
      const [first, second] = sessions.map((session) => filled(session));
      await turnsOf(first!.freezeSamplesAsync!(), (turn) => {
        if (turn === when) second!.freezeSamples!();
      });
      expectSameTraining(first!, expected, `frozen by another after turn ${when}`);
      for (const session of [...sessions, samples, expected]) session.close();
    }
  });

  test('keeps no list of samples that were changed meanwhile, and writes nowhere else', async () => {
    for (let when = 0; when < 8; when += 1) {
      const [received, expected] = [open(backend), open(typescriptBackend())];
      await turnsOf(received.freezeSamplesAsync!(), (turn) => {
        if (turn !== when) return;
        // Those that come last are longer than what was counted.
        for (const { memory } of [received, expected]) {
          memory.u8('samples').fill(1, Math.floor(SAMPLES / 2) * FEATURES);
        }
      });
      expectSameTraining(received, expected, `changed after turn ${when}`);
      for (const session of [received, expected]) session.close();
    }
  });
});
