import { describe, expect, it } from 'vitest';
import type { Session } from '../src/backend.js';
import { typescriptBackend } from '../src/backend-ts/backend.js';
import { compileTraining } from '../src/network/compile.js';
import { initialParameters, parameterShapes, writeParameters } from '../src/network/parameters.js';
import type { Op, Preprocess } from '../src/program/ops.js';
import { COUNT, POSITION, type Program, planMemory } from '../src/program/program.js';
import { Stream } from '../src/random/stream.js';
import { smallRecipe } from './synthetic.js';

const SAMPLES = 11;
const IMAGE = { height: 4, width: 5 };

interface Shape {
  readonly layers: readonly number[];
  readonly preprocess: Exclude<Preprocess, 'none'>;
  readonly batchSize: number;
  readonly isShifted: boolean;
  /** The share of bytes that are not 0. */
  readonly density: number;
}

const SMALL: Shape = {
  layers: [20, 17, 3],
  preprocess: 'binarize',
  batchSize: 1,
  isShifted: false,
  density: 0.3,
};

const SHAPES: readonly Shape[] = [
  SMALL,
  { ...SMALL, layers: [20, 16, 10] },
  { ...SMALL, layers: [20, 3] },
  { ...SMALL, preprocess: 'scale' },
  { ...SMALL, density: 0 },
  { ...SMALL, density: 0.9 },
  { ...SMALL, batchSize: 4 },
  { ...SMALL, batchSize: 4, preprocess: 'scale' },
  { ...SMALL, isShifted: true },
  { ...SMALL, isShifted: true, batchSize: 4 },
];

function open({ layers, preprocess, batchSize, isShifted, density }: Shape): Session {
  const recipe = smallRecipe({ layers: [...layers], preprocess });
  const shift = isShifted ? IMAGE : null;
  const input = { sampleCount: SAMPLES, capacity: SAMPLES, preprocess, shift };
  const program = compileTraining(recipe, input, { batchSize, optimizer: 'sgd', l2: 0 });
  const session = typescriptBackend().open(program);
  const { memory } = session;
  writeParameters(memory, recipe, initialParameters(recipe, 'xavier', 1));
  writeSamples(session, 1, density);
  const stream = new Stream(1, 'split', 2);
  memory.u32('labels').forEach((_, at, labels) => {
    labels[at] = stream.below(layers.at(-1)!);
  });
  memory.u32('order').forEach((_, at, order) => {
    order[at] = (at * 4) % SAMPLES;
  });
  if (isShifted) {
    memory.i32('shifts').forEach((_, at, shifts) => {
      shifts[at] = stream.below(5) - 2;
    });
  }
  memory.f32('rates').fill(0.3);
  return session;
}

/** Writes bytes of which some are 0; of the fourth sample all. */
function writeSamples({ memory }: Session, seed: number, density: number): void {
  const stream = new Stream(seed, 'split', 1);
  const samples = memory.u8('samples');
  samples.forEach((_, at) => {
    samples[at] = stream.below(1000) < density * 1000 ? [1, 128, 255][stream.below(3)]! : 0;
  });
  const features = samples.length / SAMPLES;
  samples.fill(0, 3 * features, 4 * features);
}

/** Trains an epoch and looks at all samples. Returns the bits that are promised. */
function epoch(session: Session, { layers, batchSize }: Shape): string[] {
  const { memory } = session;
  const results = ['train', 'evaluate'].flatMap((entry) => {
    memory.u32('control').set([0, SAMPLES, 0]);
    session.run(entry as 'train', entry === 'train' ? Math.ceil(SAMPLES / batchSize) : 1);
    return [memory.f32('losses').slice()];
  });
  const parameters = parameterShapes(smallRecipe({ layers: [...layers] })).map(({ name }) =>
    memory.f32(name).slice(),
  );
  return [...results, ...parameters].map(({ buffer }) => Buffer.from(buffer).toString('hex'));
}

describe('freezeSamples', () => {
  it.each(SHAPES)('changes no bit: $layers $preprocess $batchSize $isShifted $density', (shape) => {
    const [plain, frozen] = [open(shape), open(shape)];
    frozen.freezeSamples!();
    for (let i = 0; i < 3; i += 1) expect(epoch(frozen, shape)).toEqual(epoch(plain, shape));
  });

  it.each(SHAPES)('knows what samples were last: $layers $preprocess $batchSize', (shape) => {
    const [plain, frozen] = [open(shape), open(shape)];
    expect(epoch(frozen, shape)).toEqual(epoch(plain, shape));
    for (const session of [plain, frozen]) writeSamples(session, 2, shape.density);
    frozen.freezeSamples!();
    expect(epoch(frozen, shape)).toEqual(epoch(plain, shape));
  });

  it('leaves the gathered sample unwritten where only products read it', () => {
    const inputOf = (shape: Shape, isFrozen: boolean): number[] => {
      const session = open(shape);
      if (isFrozen) session.freezeSamples!();
      session.memory.u32('control')[COUNT] = SAMPLES;
      session.run('train', 1);
      return [...session.memory.f32('input').subarray(0, 20)];
    };
    const prepared = [...open(SMALL).memory.u8('samples').subarray(0, 20)].map((byte) =>
      Number(byte > 0),
    );
    expect(inputOf(SMALL, false)).toEqual(prepared);
    expect(inputOf(SMALL, true)).toEqual(prepared.map(() => 0));
    expect(inputOf({ ...SMALL, batchSize: 4 }, true)).toEqual(prepared);
  });

  it('writes the gathered sample where another op reads it', () => {
    const program = firstLayer([{ op: 'emit', logits: 'input', outputs: 'outputs', width: 3 }]);
    const session = typescriptBackend().open(program);
    const { memory } = session;
    memory.u8('samples').set([0, 7, 0, 0, 0, 9]);
    memory.u32('order').set([1, 0]);
    session.freezeSamples!();
    memory.u32('control')[COUNT] = 2;
    session.run('train', 2);
    expect([...memory.f32('outputs')]).toEqual([0, 0, 1, 0, 1, 0]);
  });

  it('still refuses samples that are not there', () => {
    const session = open(SMALL);
    session.freezeSamples!();
    session.memory.u32('order')[0] = SAMPLES;
    session.memory.u32('control')[COUNT] = SAMPLES;
    expect(() => session.run('train', 1)).toThrow(/sample/);
    expect(session.memory.u32('control')[POSITION]).toBe(0);
  });

  it('refuses a closed session', () => {
    const session = open(SMALL);
    session.close();
    expect(() => session.freezeSamples!()).toThrow(
      'freezeSamples: expected an open session, received a closed one',
    );
  });
});

describe('an update from one sample', () => {
  // A gradient is a sum from +0, and so never −0: −0 − rate · (+0) is −0, but −0 − rate · (−0) is +0.
  it.each([false, true])('keeps the zeros that weights are (frozen: %s)', (isFrozen) => {
    const session = typescriptBackend().open(firstLayer([]));
    const { memory } = session;
    memory.u8('samples').set([0, 7, 0, 0, 0, 9]);
    memory.f32('weight').fill(-0);
    memory.f32('dOutput').fill(-0);
    memory.f32('rates').fill(0.5);
    if (isFrozen) session.freezeSamples!();
    memory.u32('control')[COUNT] = 2;
    session.run('train', 2);
    expect([...memory.f32('weight')]).toEqual(new Array(6).fill(-0));
  });
});

/** Two samples of three bytes, a layer of two, and its update, before other ops. */
function firstLayer(others: readonly Op[]): Program {
  const [m, n] = [3, 2];
  const [samples, order, input] = ['samples', 'order', 'input'];
  const [sampleCount, features] = [2, m];
  const image = { shifts: null, height: 0, width: 0, preprocess: 'binarize' as const };
  const product = { op: 'gemm' as const, a: input, n, transposeB: false };
  return {
    ...planMemory([
      ['control', 'u32', 3],
      ['samples', 'u8', sampleCount, features],
      ['order', 'u32', 2],
      ['input', 'f32', 1, features],
      ['weight', 'f32', m, n],
      ['output', 'f32', 1, n],
      ['dOutput', 'f32', 1, n],
      ['dWeight', 'f32', m, n],
      ['rates', 'f32', 2],
      ['outputs', 'f32', 2, features],
    ]),
    entries: {
      train: {
        batchSize: 1,
        ops: [
          { op: 'gather', samples, order, input, sampleCount, features, ...image },
          { ...product, b: 'weight', c: 'output', m: 'rows', k: m, transposeA: false },
          { ...product, b: 'dOutput', c: 'dWeight', m, k: 'rows', transposeA: true },
          { op: 'sgd', parameter: 'weight', gradient: 'dWeight', rates: 'rates', length: 6, l2: 0 },
          ...others,
        ],
      },
    },
  };
}
