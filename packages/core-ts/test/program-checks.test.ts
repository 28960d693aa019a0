import { describe, expect, it } from 'vitest';
import { BitgradError } from '../src/errors.js';
import { type Field, OP_NAMES, OPERANDS } from '../src/program/operands.js';
import type { Op } from '../src/program/ops.js';
import { type Program, planMemory, type Slice } from '../src/program/program.js';
import {
  entryLimits,
  LARGEST_ARENA,
  LARGEST_SAMPLES,
  validateProgram,
} from '../src/program/validate.js';
import { oneOp } from './one-op.js';

const EMPTY: Program = { ...planMemory([['control', 'u32', 3]]), entries: {} };

function accept(program: unknown, what?: string): void {
  expect(() => validateProgram(program as Program), what).not.toThrow();
}

function refuse(program: unknown, message: string | RegExp, what?: string): void {
  const act = () => validateProgram(program as Program);
  expect(act, what).toThrow(BitgradError);
  expect(act, what).toThrow(message);
}

/** The program with its op changed. */
function withOp(program: Program, changes: object): Program {
  const { batchSize, ops } = program.entries.train!;
  return {
    ...program,
    entries: { train: { batchSize, ops: [{ ...ops[0]!, ...changes } as Op] } },
  };
}

/** The program with a slice changed. */
function withSlice(program: Program, name: string, changes: Partial<Slice>): Program {
  const slices = program.slices.map((one) => (one.name === name ? { ...one, ...changes } : one));
  return { ...program, slices };
}

describe('what is no program', () => {
  it.each([null, undefined, 5, 'text', {}].map((value) => [value]))('%j is refused', (value) => {
    refuse(value, /^open: expected a Program, received /);
  });

  it('is refused without lists where they belong', () => {
    refuse({ ...EMPTY, slices: {} }, 'open: expected a Program');
    refuse({ ...EMPTY, entries: null }, 'open: expected a Program');
    refuse({ ...EMPTY, entries: 'train' }, 'open: expected a Program');
    for (const samples of [null, 5, 'x', {}, { slices: {}, bytes: 0 }]) {
      refuse({ ...EMPTY, samples }, /^program: expected slices of samples, received /);
    }
    for (const entry of [null, 5, 'x', {}, { batchSize: 1, ops: {} }]) {
      refuse({ ...EMPTY, entries: { a: entry } }, /^program: expected an entry "a", received /);
    }
    for (const op of [null, undefined, 5, 'gemm', {}, { op: ['gemm'] }, { op: 'toString' }]) {
      const entries = { a: { batchSize: 1, ops: [op] } };
      refuse({ ...EMPTY, entries }, /^program: expected an op in entry "a", received /);
    }
  });

  it('is refused with batches of less than a sample', () => {
    for (const batchSize of [1, 0x7fffffff]) {
      accept({ ...EMPTY, entries: { a: { batchSize, ops: [] } } });
    }
    for (const batchSize of [0, -1, 1.5, '1', null, undefined, 0x80000000]) {
      refuse(
        { ...EMPTY, entries: { a: { batchSize, ops: [] } } },
        /^program: expected a batch size of at least 1 in entry "a", received /,
      );
    }
  });

  it('is refused with a memory too large, or of no size', () => {
    const samples = { slices: [], bytes: 0 };
    accept({ ...EMPTY, bytes: LARGEST_ARENA });
    accept({ ...EMPTY, samples });
    accept({ ...EMPTY, samples: { ...samples, bytes: LARGEST_SAMPLES } });
    for (const bytes of [-1, 1.5, '64', null, undefined, Number.NaN, LARGEST_ARENA + 1]) {
      refuse(
        { ...EMPTY, bytes },
        /^program: expected an arena of at most 4294967232 bytes, received /,
      );
    }
    for (const bytes of [-1, 1.5, '64', null, undefined, LARGEST_SAMPLES + 1]) {
      refuse(
        { ...EMPTY, samples: { ...samples, bytes } },
        /^program: expected samples of at most 137438953408 bytes, received /,
      );
    }
  });

  it('is refused with a slice that is none, or lies elsewhere', () => {
    const slice: Slice = { name: 'a', type: 'f32', shape: [16], offset: 64, length: 16 };
    const withSlices = (one: unknown, bytes = 128) => ({
      ...EMPTY,
      slices: [...EMPTY.slices, one],
      bytes,
    });
    accept(withSlices(slice));
    accept(withSlices({ ...slice, length: 0, offset: 128 }));
    const wrong = [null, undefined, 5, {}, { ...slice, type: 'f16' }, { ...slice, type: ['f32'] }];
    const places = [-64, 32, 128, 0.5, '64', Number.NaN].map((offset) => ({ ...slice, offset }));
    const lengths = [-1, 17, 1.5, '16', null].map((length) => ({ ...slice, length }));
    for (const one of [...wrong, { ...slice, type: 'toString' }, ...places, ...lengths]) {
      refuse(
        withSlices(one),
        /^program: expected slice .+ inside the arena of 128 bytes, received/,
      );
    }
    refuse(withSlices(slice, 127), 'inside the arena of 127 bytes');
    refuse(withSlices({ ...slice, name: 'control' }), 'expected one slice "control", received two');
    const samples = { slices: [{ ...slice, type: 'u8', length: 65 }], bytes: 128 };
    refuse({ ...EMPTY, samples }, 'inside the samples of 128 bytes');
  });

  it('is refused without a control', () => {
    for (const length of [3, 5]) {
      accept({ ...EMPTY, ...planMemory([['control', 'u32', length]]) });
    }
    for (const slices of [
      [],
      ...[2, 4, 6].map((length) => [['control', 'u32', length] as const]),
      [['control', 'i32', 3] as const],
    ]) {
      refuse(
        { ...EMPTY, ...planMemory(slices) },
        'program: expected a slice "control" of type u32 and shape [3] or [5]',
      );
    }
  });
});

/** What a field of each kind may not be, and how it is said what it may. */
const WRONG: Record<Field['kind'], readonly [values: readonly unknown[], message: RegExp]> = {
  slice: [[5, undefined, ['a'], true], /a slice's name/],
  samples: [[5, undefined, ['a'], true, null], /a slice's name/],
  count: [[-1, 0.5, '2', null, undefined, 0x80000000], /an integer (?:of at least|from) [01]/],
  word: [[-1, 0.5, '2', null, undefined, 0x100000000], /an unsigned 32-bit integer/],
  dimension: [
    [-1, 0.5, '2', 'columns', null, undefined, 0x80000000],
    /an integer of at least 0 or "rows"/,
  ],
  float: [
    ['1', null, undefined, Number.NaN, Number.POSITIVE_INFINITY, 0.1, 1e39],
    /a finite binary32 number/,
  ],
  double: [['1', null, undefined, Number.NaN, Number.NEGATIVE_INFINITY], /a finite number/],
  flag: [[0, 1, 'true', null, undefined], /true or false/],
  choice: [['x', 0, null, undefined, ['tanh']], /one of (?:none|binarize|relu), /],
};

/** Dimensions that a slice of the op must have, where every dimension is 2. */
function sizesOf(operand: Field, op: Readonly<Record<string, unknown>>): number[] {
  return ('size' in operand ? operand.size : []).map((size) => {
    if (size === 'capacity' || size === 'steps') return 0;
    return typeof size === 'number' ? size : Number(op[size] ?? 2);
  });
}

function neededBy(operand: Field, op: Readonly<Record<string, unknown>>): number {
  return sizesOf(operand, op).reduce((product, size) => product * size, 1);
}

describe.each(OP_NAMES.map((name) => [name]))('the fields of %s', (name) => {
  const { program } = oneOp(name);
  const op = program.entries.train!.ops[0]! as unknown as Readonly<Record<string, unknown>>;
  const fields = Object.entries(OPERANDS[name]) as [string, Field][];

  it('are of their kinds', () => {
    for (const [field, operand] of fields) {
      const [values, expected] = WRONG[operand.kind];
      const isOptional = 'optional' in operand && operand.optional === true;
      const others = operand.kind === 'slice' && !isOptional ? [null] : [];
      if (operand.kind === 'count' && operand.least) others.push(0 as never);
      if (operand.kind === 'count' && operand.most) others.push((operand.most + 1) as never);
      if (isOptional) accept(withOp(program, { [field]: null }), field);
      for (const value of [...values, ...others]) {
        const message = new RegExp(
          `^${name}: expected ${expected.source}.* for "${field}", received .+ \\(entry "train"\\)$`,
        );
        refuse(withOp(program, { [field]: value }), message, `${field}: ${value}`);
      }
    }
  });

  it('name slices of their type that are large enough', () => {
    for (const [field, operand] of fields) {
      if (operand.kind !== 'slice' && operand.kind !== 'samples') continue;
      const needed = neededBy(operand, op);
      accept(withSlice(program, field, { length: needed }), field);
      const { type } = program.slices.find((slice) => slice.name === field)!;
      refuse(
        withOp(program, { [field]: 'nowhere' }),
        `${name}: expected ${field} ${type} [${sizesOf(operand, op)}], received no slice "nowhere" (entry "train")`,
      );
      const other = type === 'f32' ? 'u32' : 'f32';
      const length = Math.min(needed, 16);
      refuse(
        withSlice(program, field, { type: other, length }),
        `${name}: expected ${field} ${type}`,
      );
      if (needed === 0) continue;
      const short = withSlice(program, field, { length: needed - 1 });
      refuse(short, `(slice "${field}", entry "train")`, field);
    }
  });

  it('name no control', () => {
    for (const [field, operand] of fields) {
      if (!('type' in operand) || operand.kind === 'choice') continue;
      const control = withSlice(program, 'control', { length: 5 });
      if (operand.type !== 'u32' || neededBy(operand, op) > 5) continue;
      refuse(
        withOp(control, { [field]: 'control' }),
        `${name}: expected "${field}" to be another slice than "control", which is the session's own (entry "train")`,
      );
    }
  });
});

it('a word may be as large as 32 bits, a float as exact as binary32, a double as any number', () => {
  accept(withOp(oneOp('dropout').program, { threshold: 0 }));
  accept(withOp(oneOp('dropout').program, { threshold: 0xffffffff, scale: Math.fround(0.1) }));
  accept(withOp(oneOp('batchNorm').program, { epsilon: 0.1 }));
  accept(withOp(oneOp('shardedGemm').program, { shards: 1024 }));
  const product = withOp(oneOp('gemm').program, { m: 'rows', transposeA: true });
  accept(withSlice(product, 'c', { length: 4 }));
  refuse(withSlice(product, 'c', { length: 3 }), 'gemm: expected c f32 [2,2], received f32');
  refuse(
    withOp(oneOp('shardedGemm').program, { shards: 1025 }),
    'shardedGemm: expected an integer from 1 to 1024 for "shards", received 1025',
  );
  refuse(
    withOp(oneOp('argmax').program, { classes: 0 }),
    'argmax: expected an integer of at least 1 for "classes", received 0',
  );
});

describe('images that move', () => {
  const affine = (changes: object) => withOp(oneOp('gatherAffine').program, changes);
  const gather = (changes: object) => withOp(oneOp('gather').program, changes);

  it('are whole, of one channel or, under an affine map, of several', () => {
    accept(affine({ features: 4, width: 2, height: 1 }));
    accept(affine({ features: 0, width: 0 }));
    accept(gather({ features: 2 }));
    accept(gather({ features: 0, width: 0 }));
    for (const program of [
      affine({ features: 3 }),
      affine({ features: 1 }),
      affine({ features: 2, width: 0 }),
      gather({ features: 4 }),
      gather({ features: 2, height: 0 }),
    ]) {
      refuse(program, /: expected images of \d pixels to move, received \d×\d$/);
    }
  });

  it('are of bytes, and of no size where they stay', () => {
    const still = gather({ shifts: null, features: 5, height: 9 });
    accept(still);
    const numbers = withSlice(gather({ preprocess: 'none' }), 'samples', {
      type: 'f32',
      length: 16,
    });
    refuse(numbers, 'gather: expected images of bytes to shift, received binary32 samples');
    accept(withOp(numbers, { shifts: null }));
    refuse(gather({ preprocess: 'none', shifts: null }), 'expected samples f32 [2,2], received u8');
  });
});

describe('windows, to the last pixel', () => {
  const window = {
    ...{ height: 5, width: 7, channels: 1, kernelHeight: 3, kernelWidth: 2 },
    ...{ strideVertical: 3, strideHorizontal: 4, paddingTop: 2, paddingLeft: 1 },
    ...{ outHeight: 3, outWidth: 2 },
  };
  const pool = (changes: object) => withOp(oneOp('maxPool2d').program, { ...window, ...changes });
  const large = (changes: object): Program => {
    const { entries } = pool({ outHeight: 0, outWidth: 0, paddingTop: 0, paddingLeft: 0 });
    const numbers = 2 ** 29;
    const slices = planMemory([
      ['control', 'u32', 3],
      ['input', 'f32', numbers],
      ['output', 'f32', 0],
    ]);
    const { ops } = entries.train!;
    const op = { ...ops[0]!, kernelHeight: 1, kernelWidth: 1, ...changes } as Op;
    return { ...slices, entries: { train: { batchSize: 1, ops: [op] } } };
  };

  it('cover one at least', () => {
    accept(pool({ width: 5 }));
    accept(pool({ width: 5, outHeight: 0, paddingTop: 9 }));
    for (const changes of [
      { paddingTop: 3 },
      { paddingLeft: 2 },
      { outHeight: 4 },
      { outWidth: 3 },
      { strideHorizontal: 6 },
    ]) {
      refuse(
        pool({ width: 5, ...changes }),
        'maxPool2d: expected windows that each cover a part of the image, received',
      );
    }
  });

  it('leave room for one image with two windows beside it', () => {
    const side = 2 ** 14 - 2;
    const limit = 'maxPool2d: expected an image of at most 268435456 numbers, with two windows';
    accept(large({ height: side, width: side }));
    refuse(large({ height: side + 1, width: side }), limit);
    refuse(large({ height: side, width: side + 1 }), limit);
    refuse(large({ height: side, width: side, kernelWidth: 2 }), limit);
    refuse(large({ height: side, width: side / 2, channels: 3 }), limit);
  });

  it('count what there is more of, channels or filters', () => {
    // No pixels, so that only the windows beside them count: 6 × 8192 numbers a filter.
    const most = Math.floor(2 ** 28 / (6 * 8192));
    const wide = { width: 0, outHeight: 0, outWidth: 0, kernelWidth: 2 ** 12, channels: 1 };
    const { program } = oneOp('conv2dInputGrad');
    const weight = { offset: 4096, length: 2 * 2 ** 12 * (most + 1) };
    const roomy = withSlice({ ...program, bytes: LARGEST_ARENA }, 'weight', weight);
    accept(withOp(roomy, { ...wide, filters: most }));
    refuse(
      withOp(roomy, { ...wide, filters: most + 1 }),
      'conv2dInputGrad: expected an image of at most 268435456 numbers',
    );
  });
});

describe('the limits of an entry', () => {
  it('are those of the shortest slices', () => {
    const { program } = oneOp('softmax');
    const entry = program.entries.train!;
    expect(entryLimits(program, entry)).toEqual({ rows: 32, steps: 0x7fffffff });
    const short = withSlice(program, 'probabilities', { length: 7 });
    expect(entryLimits(short, entry)).toEqual({ rows: 3, steps: 0x7fffffff });
    const adam = oneOp('adam').program;
    expect(entryLimits(adam, adam.entries.train!)).toEqual({ rows: 0x7fffffff, steps: 21 });
    const affine = oneOp('gatherAffine').program;
    expect(entryLimits(affine, affine.entries.train!).rows).toBe(10);
    const { ops } = entry;
    const both = { ...entry, ops: [...ops, { ...ops[0]!, probabilities: 'logits' } as Op] };
    const other = withSlice(program, 'logits', { length: 9 });
    expect(entryLimits(other, both).rows).toBe(4);
    expect(entryLimits(program, { batchSize: 2, ops: [] })).toEqual({
      rows: 0x7fffffff,
      steps: 0x7fffffff,
    });
  });
});
