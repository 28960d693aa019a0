import { describe, expect, it } from 'vitest';
import { parseLayers } from '../src/layers/text.js';
import { compileTraining } from '../src/network/compile.js';
import type { Gather, Gemm, Op, Sgd } from '../src/program/ops.js';
import { planEntry } from '../src/program/plan.js';
import { planMemory, type SliceDeclaration } from '../src/program/program.js';

const slices: SliceDeclaration[] = [
  ['control', 'u32', 3],
  ['samples', 'u8', 9, 784],
  ['order', 'u32', 9],
  ['input', 'f32', 32, 784],
  ['weight', 'f32', 784, 128],
  ['bias', 'f32', 128],
  ['output', 'f32', 32, 128],
  ['dOutput', 'f32', 32, 128],
  ['dWeight', 'f32', 784, 128],
  ['rates', 'f32', 9],
];
const gather: Gather = {
  op: 'gather',
  samples: 'samples',
  order: 'order',
  shifts: null,
  input: 'input',
  sampleCount: 9,
  features: 784,
  height: 28,
  width: 28,
  preprocess: 'scale',
};
const forward: Gemm = {
  op: 'gemm',
  a: 'input',
  b: 'weight',
  c: 'output',
  m: 'rows',
  n: 128,
  k: 784,
  transposeA: false,
  transposeB: false,
};
const biasAdd: Op = { op: 'biasAdd', output: 'output', bias: 'bias', width: 128 };
const gradient: Gemm = {
  ...forward,
  b: 'dOutput',
  c: 'dWeight',
  m: 784,
  k: 'rows',
  transposeA: true,
};
const update: Sgd = {
  op: 'sgd',
  parameter: 'weight',
  gradient: 'dWeight',
  rates: 'rates',
  length: 784 * 128,
  l2: 0,
};
const step = [gather, forward, biasAdd, gradient, update];

const normed = compileTraining(
  {
    layers: parseLayers('8x8,conv4,norm,pool,8,norm,3'),
    activation: 'relu',
    outputActivation: 'none',
  },
  { sampleCount: 64, capacity: 64, preprocess: 'scale', shift: null },
  { batchSize: 32, optimizer: 'sgd', l2: 0 },
);

function plan(ops: readonly Op[], members = 2, batchSize = 32) {
  return planEntry({ ...planMemory(slices), entries: {} }, { batchSize, ops }, members);
}

describe('planEntry', () => {
  it('lets a gradient make the update that alone reads it', () => {
    expect(plan(step).map(({ update }) => update)).toEqual([null, null, null, 4, null]);
    expect(plan(step).map(({ isMade }) => isMade)).toEqual([false, false, false, false, true]);
  });

  it.each<[string, Op[]]>([
    ['someone else reads the gradient', [...step, { ...gradient, a: 'dWeight', m: 5 }]],
    ['someone between reads the weights', [gather, gradient, forward, update]],
    ['the update comes first', [gather, update, gradient]],
    ['the update is of fewer parameters', [gather, gradient, { ...update, length: 5 }]],
    ['the gradient is read as another operand, too', [gradient, { ...update, rates: 'dWeight' }]],
  ])('but not where %s', (_, ops) => {
    expect(plan(ops).every(({ update, isMade }) => update === null && !isMade)).toBe(true);
  });

  it('lets members meet only where one needs what others have made', () => {
    // The forward product is shared by columns, which need all rows of the gather's.
    expect(plan(step).map(({ meets }) => meets)).toEqual([false, true, true, false, false]);
    const narrow = plan([gather, { ...forward, n: 16 }, { ...biasAdd, width: 16 }]);
    expect(narrow.map(({ split }) => split)).toEqual(['rows', 'rows', 'rows']);
    expect(narrow.map(({ meets }) => meets)).toEqual([false, false, false]);
    // Rows of another width are other rows.
    const other = plan([gather, { ...forward, n: 16 }, { ...biasAdd, width: 8 }]);
    expect(other.map(({ meets }) => meets)).toEqual([false, false, true]);
  });

  it('lets all members come to a normalisation without errors to tell, and no other wait for it', () => {
    const planned = planEntry(normed, normed.entries.train!, 2);
    const names = normed.entries.train!.ops.map(({ op }) => op);
    const after = (name: Op['op']) => names.flatMap((op, at) => (op === name ? [at] : []));
    for (const at of [...after('batchNorm'), ...after('batchNormGrad')]) {
      expect(planned[at]!.meets).toBe(true);
    }
    for (const at of after('batchNorm')) {
      expect(names[at + 1]).toBe('activation');
      expect(planned[at + 1]!.meets).toBe(false);
    }
  });

  it('takes two names of one place for one slice', () => {
    const { slices: placed, bytes } = planMemory(slices);
    const output = placed.find(({ name }) => name === 'output')!;
    const program = { slices: [...placed, { ...output, name: 'alias' }], bytes, entries: {} };
    const ops: Op[] = [biasAdd, { op: 'biasGrad', dOutput: 'alias', dBias: 'dWeight', width: 128 }];
    const planned = planEntry(program, { batchSize: 32, ops }, 2);
    expect(planned.map(({ meets }) => meets)).toEqual([false, true]);
  });

  it('knows the products around a gather whose samples need not be written', () => {
    const layer = { gather: 0, isTrained: true, panels: null };
    expect(plan(step, 1).map(({ first }) => first)).toEqual([
      { ...layer, role: 'gather' },
      { ...layer, role: 'forward' },
      null,
      { ...layer, role: 'gradient' },
      null,
    ]);
    const emit: Op = { op: 'emit', logits: 'input', outputs: 'dOutput', width: 1 };
    expect(plan([...step, emit]).every(({ first }) => first === null)).toBe(true);
    const [listed] = plan([gather, forward]);
    expect(listed?.first).toEqual({ ...layer, role: 'gather', isTrained: false });
  });

  it('gives members panels of weights that nobody else looks at', () => {
    const panelsOf = (ops: readonly Op[], members?: number, batchSize?: number) =>
      plan(ops, members, batchSize).map(({ first }) => first?.panels ?? null);
    expect(panelsOf(step)).toEqual([null, 1, null, 1, null]);
    expect(panelsOf(step, 1)).toEqual([null, null, null, null, null]);
    expect(panelsOf(step, 2, 7)).toEqual([null, null, null, null, null]);
    const emit: Op = { op: 'emit', logits: 'weight', outputs: 'dOutput', width: 1 };
    expect(panelsOf([...step, emit])).toEqual([null, null, null, null, null, null]);
  });
});
