import { describe, expect, it } from 'vitest';
import { compileTraining } from '../src/model/compile.js';
import { encodeEntry } from '../src/program/encode.js';
import { Memory } from '../src/program/memory.js';
import { OP_NAMES } from '../src/program/operands.js';
import type { Op } from '../src/program/ops.js';
import { type Program, planMemory } from '../src/program/program.js';
import { entryLimits, validateProgram } from '../src/program/validate.js';

const VALID = compileTraining(
  { layers: [6, 4, 3], activation: 'relu', outputActivation: 'none' },
  { sampleCount: 20, capacity: 15, preprocess: 'scale', shift: { height: 2, width: 3 } },
  { batchSize: 4, optimizer: 'sgd', l2: 0.5 },
);

/** The valid program with one op of its entry `train` changed. */
function withOp(name: Op['op'], changes: object): Program {
  const train = VALID.entries.train!;
  const at = train.ops.findIndex(({ op }) => op === name);
  const ops = train.ops.map((op, i) => (i === at ? ({ ...op, ...changes } as Op) : op));
  return { ...VALID, entries: { ...VALID.entries, train: { ...train, ops } } };
}

describe('planMemory', () => {
  it('places slices in order, each at a multiple of 64 bytes', () => {
    const { slices, bytes } = planMemory([
      ['a', 'f32', 3, 5],
      ['b', 'u8', 65],
      ['c', 'i32', 0],
      ['d', 'u32', 16],
      ['e', 'f32'],
    ]);
    expect(slices.map(({ name, offset, length }) => [name, offset, length])).toEqual([
      ['a', 0, 15],
      ['b', 64, 65],
      ['c', 192, 0],
      ['d', 192, 16],
      ['e', 256, 1],
    ]);
    expect(bytes).toBe(320);
  });
});

describe('validateProgram', () => {
  it('accepts what compileTraining makes', () => {
    expect(() => validateProgram(VALID)).not.toThrow();
  });

  for (const [what, program, message] of [
    [
      'a slice that is too small',
      withOp('gemm', { n: 5 }),
      'gemm: expected b f32 [6,5], received f32 [6,4] (slice "layers.0.weight", entry "train")',
    ],
    [
      'a slice that does not exist',
      withOp('biasAdd', { bias: 'nowhere' }),
      'biasAdd: expected bias f32 [4], received no slice "nowhere" (entry "train")',
    ],
    [
      'a slice of another type',
      withOp('softmaxCrossEntropy', { targets: 'logits' }),
      'softmaxCrossEntropy: expected targets u32 [4], received f32 [128,3] (slice "logits", entry "train")',
    ],
    [
      'a size with a fraction',
      withOp('activation', { width: 1.5 }),
      'activation: expected an integer of at least 0 for "width", received 1.5 (entry "train")',
    ],
    [
      'a flag that is no boolean',
      withOp('gemm', { transposeA: 'no' }),
      'gemm: expected true or false for "transposeA", received "no" (entry "train")',
    ],
    [
      'an unknown choice',
      withOp('activation', { activation: 'gelu' }),
      'activation: expected one of relu, sigmoid, tanh, leaky-relu, elu for "activation", received "gelu" (entry "train")',
    ],
    [
      'a float that binary32 cannot hold',
      withOp('sgd', { l2: 0.1 }),
      'sgd: expected a finite binary32 number for "l2", received 0.1 (entry "train")',
    ],
    [
      'images of another size',
      withOp('gather', { height: 3 }),
      'gather: expected images of 6 pixels to move, received 3×3',
    ],
    [
      'an op that does not exist',
      withOp('gemm', { op: 'conv' }),
      'program: expected an op in entry "train", received',
    ],
  ] as const) {
    it(`names ${what}`, () => {
      expect(() => validateProgram(program)).toThrow(message);
    });
  }

  it('names the arena that is too large', () => {
    expect(() => validateProgram({ ...VALID, bytes: 2 ** 32 })).toThrow(
      `program: expected an arena of at most ${0xffffffc0} bytes, received ${2 ** 32}`,
    );
  });
});

describe('entryLimits', () => {
  it('are what the slices hold', () => {
    expect(entryLimits(VALID, VALID.entries.train!)).toEqual({ rows: 15, steps: 4 });
    expect(entryLimits(VALID, VALID.entries.evaluate!).rows).toBe(15);
  });
});

describe('encodeEntry', () => {
  it('writes sizes, codes and fields in the documented order', () => {
    const program: Program = {
      ...planMemory([
        ['control', 'u32', 3],
        ['x', 'f32', 4, 8],
        ['order', 'u32', 9],
        ['samples', 'u8', 3, 8],
      ]),
      entries: {},
    };
    const ops: Op[] = [
      { op: 'activation', output: 'x', width: 8, activation: 'tanh' },
      {
        op: 'gather',
        samples: 'samples',
        order: 'order',
        shifts: null,
        input: 'x',
        sampleCount: 3,
        features: 8,
        height: 0,
        width: 0,
        preprocess: 'scale',
      },
      { op: 'sgd', parameter: 'x', gradient: 'x', rates: 'x', length: 5, l2: 0.5 },
    ];
    const gather = [11, OP_NAMES.indexOf('gather'), 256, 192, 0xffffffff, 64, 3, 8, 0, 0, 2];
    const sgd = [7, OP_NAMES.indexOf('sgd'), 64, 64, 64, 5, 0x3f000000];
    expect([...encodeEntry(program, { batchSize: 4, ops })]).toEqual([
      ...[4, 3],
      ...[5, OP_NAMES.indexOf('activation'), 64, 8, 2],
      ...gather,
      ...sgd,
    ]);
  });

  it('keeps the codes of the ops, which backends hold too', () => {
    expect(OP_NAMES).toEqual([
      'gather',
      'gatherTargets',
      'gemm',
      'biasAdd',
      'biasGrad',
      'activation',
      'activationGrad',
      'softmaxCrossEntropy',
      'softmax',
      'argmax',
      'sgd',
      'momentum',
      'adam',
      'dropout',
      'classWeights',
      'squaredError',
      'emit',
      'gatherAffine',
      'shardedGemm',
      'shardedBiasGrad',
    ]);
  });
});

describe('Memory', () => {
  const program: Program = {
    ...planMemory([
      ['a', 'f32', 2],
      ['b', 'u8', 3],
    ]),
    entries: {},
  };

  it('views the same bytes each time', () => {
    const buffer = new ArrayBuffer(64 + program.bytes);
    const memory = new Memory(program, buffer, 64);
    memory.f32('a')[1] = 1;
    expect(memory.f32('a')[1]).toBe(1);
    expect(new Float32Array(buffer)[17]).toBe(1);
  });

  it('refuses names and types that are not there', () => {
    const memory = new Memory(program, new ArrayBuffer(program.bytes));
    expect(() => memory.f32('c')).toThrow(
      'memory: expected a slice "c" of type f32, received none',
    );
    expect(() => memory.u32('a')).toThrow('received one of type f32');
    expect(() => memory.i32('toString')).toThrow('received none');
  });
});
