import { describe, expect, it } from 'vitest';
import { parseLayers } from '../src/layers/text.js';
import { compileTraining } from '../src/network/compile.js';
import type { Network } from '../src/network/network.js';
import { encodeEntry } from '../src/program/encode.js';
import { CHOICES, type Field, OP_NAMES, OPERANDS } from '../src/program/operands.js';
import type { Op } from '../src/program/ops.js';
import { planEntry } from '../src/program/plan.js';
import { type Program, planMemory } from '../src/program/program.js';
import { oneOp } from './one-op.js';

const ABSENT = 0xffffffff;
const HEADER = 5;

/** The words of each op, as their lengths part them. */
function parted(words: Uint32Array): number[][] {
  const ops: number[][] = [];
  for (let at = HEADER; at < words.length; at += words[at]!) {
    ops.push([...words.subarray(at, at + words[at]!)]);
  }
  return ops;
}

/** Multiplications of a step of 3 samples by this product. */
function multiplicationsOf(changes: object): [low: number, high: number] {
  const { program } = oneOp('gemm');
  const ops = [{ ...program.entries.train!.ops[0]!, ...changes } as Op];
  const words = encodeEntry(program, { batchSize: 3, ops }, 1);
  return [words[2]!, words[3]!];
}

describe('an encoded entry', () => {
  it.each(OP_NAMES.map((name) => [name]))('has every field of %s', (name) => {
    const { program } = oneOp(name);
    const op = program.entries.train!.ops[0]! as unknown as Readonly<Record<string, unknown>>;
    const words = encodeEntry(program, program.entries.train!, 1);
    expect([words[0], words[1], words[4]]).toEqual([2, 1, 3]);
    const [encoded] = parted(words);
    expect(encoded!.slice(0, 2)).toEqual([words.length - HEADER, OP_NAMES.indexOf(name)]);
    const view = new DataView(Uint32Array.from(encoded!.slice(8)).buffer);
    let at = 0;
    for (const [field, operand] of Object.entries(OPERANDS[name]) as [string, Field][]) {
      const word = view.getUint32(at, true);
      const value = op[field];
      const slice = program.slices.find((one) => one.name === value);
      if (operand.kind === 'slice') expect(word, field).toBe(slice!.offset);
      else if (operand.kind === 'samples') expect(word * 64, field).toBe(slice!.offset);
      else if (operand.kind === 'float') expect(view.getFloat32(at, true), field).toBe(value);
      else if (operand.kind === 'double') expect(view.getFloat64(at, true), field).toBe(value);
      else if (operand.kind === 'flag') expect(word, field).toBe(0);
      else if (operand.kind === 'choice') expect(CHOICES[operand.type][word], field).toBe(value);
      else expect(word, field).toBe(value);
      at += operand.kind === 'double' ? 8 : 4;
    }
    expect(at).toBe(view.byteLength);
  });

  it('tells what is absent, as long as the step, true, or of two words', () => {
    const { program } = oneOp('gemm');
    const gemm = { ...program.entries.train!.ops[0]!, m: 'rows', transposeB: true } as Op;
    const [product] = parted(encodeEntry(program, { batchSize: 2, ops: [gemm] }, 1));
    expect(product!.slice(-5)).toEqual([0xffffffff, 2, 2, 0, 1]);
    const conv = oneOp('conv2d').program;
    const bare = { ...conv.entries.train!.ops[0]!, bias: null } as Op;
    const [filtered] = parted(encodeEntry(conv, { batchSize: 2, ops: [bare] }, 1));
    expect(filtered![10]).toBe(ABSENT);
    const norm = oneOp('batchNormUse').program;
    const exact = { ...norm.entries.train!.ops[0]!, epsilon: 0.1 } as Op;
    const [used] = parted(encodeEntry(norm, { batchSize: 2, ops: [exact] }, 1));
    // struct.pack('<d', 0.1) of Python's.
    expect(used!.slice(-2)).toEqual([0x9999999a, 0x3fb99999]);
  });

  it('counts multiplications in two words, of which the high one ends at its largest', () => {
    expect(multiplicationsOf({ m: 5, n: 7, k: 'rows' })).toEqual([105, 0]);
    expect(multiplicationsOf({ m: 2 ** 16, n: 2 ** 16, k: 5 })).toEqual([0, 5]);
    expect(multiplicationsOf({ m: 2 ** 16, n: 2 ** 15, k: 3 })).toEqual([2 ** 31, 1]);
    expect(multiplicationsOf({ m: 2 ** 30, n: 2 ** 30, k: 2 ** 30 })).toEqual([0, ABSENT]);
    const { program } = oneOp('gemm');
    const op = program.entries.train!.ops[0]!;
    expect(encodeEntry(program, { batchSize: 2, ops: [op, op] }, 1)[2]).toBe(16);
    const last = { ...program, slices: [...program.slices].reverse() };
    expect(encodeEntry(last, { batchSize: 2, ops: [op] }, 1)[4]).toBe(3);
  });

  it.each<[number, Network['layers']]>([
    [1, [784, 128, 10]],
    [2, [784, 128, 10]],
    [4, [784, 128, 10]],
    [2, parseLayers('28x28,conv16,pool,10')],
  ])('has its plan for %i threads of %j', (members, layers) => {
    const program: Program = compileTraining(
      { layers, activation: 'relu', outputActivation: 'none' },
      { sampleCount: 70, capacity: 70, preprocess: 'scale', shift: null },
      { batchSize: 32, optimizer: 'sgd', l2: 0 },
    );
    const roles = ['none', 'gather', 'forward', 'gradient', 'shardedGradient'];
    for (const entry of Object.values(program.entries)) {
      const plan = planEntry(program, entry, members);
      const words = parted(encodeEntry(program, entry, members));
      expect(words).toHaveLength(entry.ops.length);
      for (const [at, { split, meets, update, isMade, first, block }] of plan.entries()) {
        const [, , flags = 0, ...places] = words[at]!;
        expect([flags & 1, flags & 2, flags & 4, flags & 8].map(Boolean)).toEqual([
          split === 'columns',
          meets,
          isMade,
          first?.isTrained ?? false,
        ]);
        expect(roles[flags >> 4]).toBe(first?.role ?? 'none');
        expect(places.slice(0, 5)).toEqual([
          update ?? ABSENT,
          first?.gather ?? ABSENT,
          first?.panels ?? ABSENT,
          block?.length ?? 0,
          block?.rows ?? 0,
        ]);
      }
    }
  });

  it('finds slices of samples that lie apart behind the arena', () => {
    const { program } = oneOp('gatherTargets');
    const placeIn = (samples: Program['samples']) => {
      const slices = program.slices.filter(({ name }) => name !== 'labels');
      const apart = { ...program, slices, ...(samples && { samples }) };
      return parted(encodeEntry(apart, apart.entries.train!, 1))[0]![8];
    };
    expect(placeIn(planMemory([['labels', 'u32', 64]]))).toBe(0x80000000);
    const behind = placeIn(
      planMemory([
        ['other', 'u8', 200],
        ['labels', 'u32', 64],
      ]),
    );
    expect(behind).toBe(0x80000000 + 256 / 64);
  });
});
