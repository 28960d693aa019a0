import { describe, expect, it } from 'vitest';
import { compileTraining } from '../src/network/compile.js';
import { encodeEntry } from '../src/program/encode.js';
import { OP_NAMES } from '../src/program/operands.js';
import type { Op } from '../src/program/ops.js';
import { type Program, planMemory } from '../src/program/program.js';
import { entryLimits, validateProgram } from '../src/program/validate.js';
import { oneOp } from './one-op.js';

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

describe('samples apart', () => {
  const activation = { op: 'activation', output: 'x', width: 2, activation: 'tanh' } as const;
  const program: Program = {
    ...planMemory([['control', 'u32', 3]]),
    samples: planMemory([['x', 'f32', 2, 2]]),
    entries: { train: { batchSize: 2, ops: [activation] } },
  };

  it('are only gathered from', () => {
    expect(() => validateProgram(program)).toThrow(
      'activation: expected output f32 [2,2] in the arena, received one of the samples',
    );
  });

  it('may have the bytes of the arena, and no name of its slices', () => {
    const slices = planMemory([
      ['control', 'u32', 3],
      ['y', 'f32', 2, 2],
    ]);
    const apart = { ...program, ...slices, entries: {} };
    expect(() => validateProgram(apart)).not.toThrow();
    const twice = { ...apart, samples: planMemory([['y', 'f32', 2, 2]]) };
    expect(() => validateProgram(twice)).toThrow('program: expected one slice "y", received two');
    const control = { ...apart, ...planMemory([]), samples: slices };
    expect(() => validateProgram(control)).toThrow('expected a slice "control"');
  });
});

describe('slices that overlap', () => {
  it.each(OP_NAMES)('of %s are refused where one is written', (name) => {
    const { program, slices } = oneOp(name);
    expect(() => validateProgram(program)).not.toThrow();
    for (const [one, written] of slices) {
      if (written.kind !== 'slice' || written.access === 'reads') continue;
      for (const [other, operand] of slices) {
        if (other === one || operand.kind !== 'slice' || operand.type !== written.type) continue;
        const op = { ...program.entries.train!.ops[0]!, [one]: other } as Op;
        const aliased = { ...program, entries: { train: { batchSize: 2, ops: [op] } } };
        if (written.inPlaceOf === other) expect(() => validateProgram(aliased)).not.toThrow();
        else expect(() => validateProgram(aliased)).toThrow(`received "${other}" for both`);
      }
      for (const { name: other } of program.slices.filter(({ name }) => name !== one)) {
        const { offset } = program.slices.find((slice) => slice.name === other)!;
        const moved = program.slices.map((slice) =>
          slice.name === one ? { ...slice, offset } : slice,
        );
        expect(() => validateProgram({ ...program, slices: moved }), `${one} on ${other}`).toThrow(
          /expected slices that share no bytes where one is written, received/,
        );
      }
    }
  });

  it('are allowed where they are only read', () => {
    const { program } = oneOp('gemm');
    const ops = [{ ...program.entries.train!.ops[0]!, b: 'a' } as Op];
    const square = { ...program, entries: { train: { batchSize: 2, ops } } };
    expect(() => validateProgram(square)).not.toThrow();
  });

  it('are found between ops, whichever comes first', () => {
    for (const reversed of [false, true]) {
      const ops: Op[] = [
        { op: 'activation', output: 'a', width: 8, activation: 'relu' },
        { op: 'argmax', logits: 'b', predicted: 'c', classes: 8 },
      ];
      const { slices, bytes } = planMemory([
        ['control', 'u32', 3],
        ['a', 'f32', 32],
        ['b', 'f32', 16],
        ['c', 'u32', 2],
      ]);
      const moved = slices.map((one) => (one.name === 'b' ? { ...one, offset: 128 } : one));
      const entry = { batchSize: 2, ops: reversed ? ops.reverse() : ops };
      expect(() => validateProgram({ slices, bytes, entries: { train: entry } })).not.toThrow();
      expect(() => validateProgram({ slices: moved, bytes, entries: { train: entry } })).toThrow(
        '"a" (bytes 64 to 192), which activation writes and "b" (bytes 128 to 192), which argmax reads',
      );
    }
  });
});

describe('windows', () => {
  const window = {
    height: 5,
    width: 4,
    channels: 1,
    kernelHeight: 3,
    kernelWidth: 2,
    strideVertical: 2,
    strideHorizontal: 1,
    paddingTop: 1,
    paddingLeft: 0,
    outHeight: 3,
    outWidth: 3,
  };
  const program = (changes: Partial<typeof window>): Program => ({
    ...planMemory([
      ['control', 'u32', 3],
      ['input', 'f32', 64],
      ['output', 'f32', 64],
    ]),
    entries: {
      train: {
        batchSize: 1,
        ops: [{ op: 'maxPool2d', input: 'input', output: 'output', ...window, ...changes }],
      },
    },
  });

  it.each([
    ['that lie below the image', { outHeight: 4 }],
    ['that lie right of the image', { strideHorizontal: 2 }],
    ['that lie above the image', { paddingTop: 3 }],
    ['far beyond the image', { strideVertical: 0x7fffffff }],
    ['on an image without pixels', { height: 0, paddingTop: 0 }],
  ])('refuses those %s', (_, changes) => {
    expect(() => validateProgram(program({}))).not.toThrow();
    expect(() => validateProgram(program(changes))).toThrow('maxPool2d: expected windows');
  });

  it('refuses those that are too large to be laid around an image', () => {
    const large = { kernelHeight: 0x7fffffff, outHeight: 1 };
    expect(() => validateProgram(program(large))).toThrow(
      'maxPool2d: expected an image of at most',
    );
  });
});

describe('entryLimits', () => {
  it('are what the slices hold', () => {
    expect(entryLimits(VALID, VALID.entries.train!)).toEqual({ rows: 15, steps: 4 });
    expect(entryLimits(VALID, VALID.entries.evaluate!).rows).toBe(15);
  });

  it.each([0, 5])('stay numbers beside %s elements of which a row takes none', (length) => {
    const program: Program = {
      ...planMemory([
        ['control', 'u32', 3],
        ['logits', 'f32', 8],
        ['predicted', 'u32', 6],
        ['nothing', 'f32', length],
      ]),
      entries: {},
    };
    const emit: Op = { op: 'emit', logits: 'logits', outputs: 'nothing', width: 0 };
    const argmax: Op = { op: 'argmax', logits: 'logits', predicted: 'predicted', classes: 2 };
    for (const ops of [
      [emit, argmax],
      [argmax, emit],
    ]) {
      expect(entryLimits(program, { batchSize: 4, ops }).rows).toBe(6);
    }
    const { rows, steps } = entryLimits(program, { batchSize: 4, ops: [emit] });
    expect([rows, steps].every(Number.isSafeInteger)).toBe(true);
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
    const none = [0xffffffff, 0xffffffff, 0xffffffff];
    const meets = 2;
    const slices = program.slices.filter(({ name }) => name !== 'samples');
    const apart = {
      ...program,
      slices,
      samples: planMemory([
        ['labels', 'u32', 20],
        ['samples', 'u8', 3, 8],
      ]),
    };
    const words = encodeEntry(apart, { batchSize: 4, ops }, 1);
    expect(words[5 + 11 + 8]).toBe(0x80000000 + 2);
    expect([...encodeEntry(program, { batchSize: 4, ops }, 1)]).toEqual([
      ...[4, 3, 0, 0, 3],
      ...[11, OP_NAMES.indexOf('activation'), 0, ...none, 0, 0, 64, 8, 2],
      ...[17, OP_NAMES.indexOf('gather'), 0, ...none, 0, 0, 4, 192, 0xffffffff, 64, 3, 8, 0, 0, 2],
      ...[13, OP_NAMES.indexOf('sgd'), meets, ...none, 0, 0, 64, 64, 64, 5, 0x3f000000],
    ]);
  });
});
