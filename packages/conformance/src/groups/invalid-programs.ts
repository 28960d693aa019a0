import { BitgradError, type Op, type Program, type Slice } from '@bitgrad/core';
import { check, type GroupCase } from '../case.js';
import { programOf } from '../run-both.js';

/** A valid program of one product and one activation, to be spoilt. */
const VALID = programOf(
  [
    {
      op: 'gemm',
      a: 'a',
      b: 'b',
      c: 'c',
      m: 'rows',
      n: 3,
      k: 5,
      transposeA: false,
      transposeB: false,
    },
    { op: 'activation', output: 'c', width: 3, activation: 'relu' },
  ],
  4,
  [
    ['a', 'f32', 4, 5],
    ['b', 'f32', 5, 3],
    ['c', 'f32', 4, 3],
    ['d', 'f32', 4, 5],
    ['indices', 'u32', 100],
    ['bytes', 'u8', 100],
    ['pairs', 'i32', 100, 2],
    ['rates', 'f32', 10],
  ],
);

const gemm = VALID.entries.train!.ops[0]!;
const activation = VALID.entries.train!.ops[1]!;

function withSlice(name: string, changes: Partial<Record<keyof Slice, unknown>>): Program {
  const slices = VALID.slices.map((one) => (one.name === name ? { ...one, ...changes } : one));
  return { ...VALID, slices: slices as Slice[] };
}

function sliceAt(name: string): Slice {
  return VALID.slices.find((one) => one.name === name)!;
}

function withEntry(changes: object): Program {
  return { ...VALID, entries: { train: { ...VALID.entries.train!, ...changes } } };
}

const withOp = (op: object): Program => withEntry({ ops: [op as Op] });

const loss = { op: 'softmaxCrossEntropy', logits: 'a', targets: 'indices', losses: 'c' };
const gather = {
  op: 'gather',
  samples: 'bytes',
  order: 'indices',
  shifts: null,
  input: 'a',
  sampleCount: 10,
  features: 5,
  height: 0,
  width: 0,
  preprocess: 'scale',
};
const dropout = {
  op: 'dropout',
  input: 'a',
  output: 'd',
  place: 'indices',
  width: 5,
  layer: 0,
  threshold: 1,
  scale: 1,
};
const sgd = { op: 'sgd', parameter: 'a', gradient: 'b', rates: 'rates', length: 15, l2: 0 };

/** What `open` must refuse, by what is wrong with it. */
const INVALID: Readonly<Record<string, unknown>> = {
  'no program': undefined,
  'a null program': null,
  'a text': 'program',
  'an empty object': {},
  'no slices': { ...VALID, slices: undefined },
  'a null slice': { ...VALID, slices: [...VALID.slices, null] },
  'no entries': { ...VALID, entries: undefined },
  'a null entry': { ...VALID, entries: { train: null } },
  'an entry without ops': withEntry({ ops: undefined }),
  'no control': { ...VALID, slices: VALID.slices.filter(({ name }) => name !== 'control') },
  'control of another type': withSlice('control', { type: 'f32' }),
  'control of two': withSlice('control', { length: 2, shape: [2] }),
  'an arena of NaN bytes': { ...VALID, bytes: Number.NaN },
  'an arena of −1 bytes': { ...VALID, bytes: -1 },
  'an arena of half a byte more': { ...VALID, bytes: VALID.bytes + 0.5 },
  'an arena past 2^32 bytes': { ...VALID, bytes: 2 ** 33 },
  'an arena smaller than its slices': { ...VALID, bytes: VALID.bytes - 64 },
  'two slices of one name': { ...VALID, slices: [...VALID.slices, VALID.slices[1]] },
  'a slice of no known type': withSlice('b', { type: 'f64' }),
  'a slice of a type that every object has': withSlice('b', { type: 'toString' }),
  'a slice that begins between lines': withSlice('b', { offset: 4 }),
  'a slice before the arena': withSlice('b', { offset: -64 }),
  'a slice past the arena': withSlice('b', { offset: VALID.bytes }),
  'a slice longer than the arena': withSlice('rates', { length: 1000 }),
  'a slice of −1 elements': withSlice('b', { length: -1 }),
  'a slice of half an element': withSlice('b', { length: 15.5 }),
  'batches of 0': withEntry({ batchSize: 0 }),
  'batches of −1': withEntry({ batchSize: -1 }),
  'batches of 1.5': withEntry({ batchSize: 1.5 }),
  'batches of NaN': withEntry({ batchSize: Number.NaN }),
  'batches larger than the slices': withEntry({ batchSize: 5 }),
  'a null op': withEntry({ ops: [null] }),
  'an unknown op': withOp({ op: 'dropout' }),
  'an op that every object has': withOp({ op: 'constructor' }),
  'an op of prototypes': withOp({ op: '__proto__' }),
  'an op without operands': withOp({ op: 'gemm' }),
  'a missing slice': withOp({ ...gemm, a: 'missing' }),
  'a slice that is no name': withOp({ ...gemm, a: null }),
  'a slice of the wrong type': withOp({ ...gemm, a: 'indices' }),
  'a slice that is too small': withOp({ ...gemm, n: 4 }),
  'a product that is too deep': withOp({ ...gemm, k: 6 }),
  'a negative dimension': withOp({ ...gemm, n: -3 }),
  'a dimension with a fraction': withOp({ ...gemm, n: 2.5 }),
  'a dimension past 2^31': withOp({ ...gemm, n: 2 ** 31 }),
  'dimensions whose product overflows': withOp({ ...gemm, m: 2 ** 30, n: 2 ** 30, k: 2 ** 30 }),
  'a dimension of columns': withOp({ ...gemm, n: 'columns' }),
  'a flag of 1': withOp({ ...gemm, transposeA: 1 }),
  'an unknown activation': withOp({ ...activation, activation: 'gelu' }),
  'an activation that is too wide': withOp({ ...activation, width: 4 }),
  'a loss without classes': withOp({ ...loss, dLogits: 'b', classes: 0 }),
  'a loss with too small a gradient': withOp({ ...loss, dLogits: 'rates', classes: 5 }),
  'probabilities of no classes': withOp({
    op: 'softmax',
    logits: 'a',
    probabilities: 'b',
    classes: 0,
  }),
  'a prediction of no classes': withOp({
    op: 'argmax',
    logits: 'a',
    predicted: 'indices',
    classes: 0,
  }),
  'samples of the wrong type': withOp({ ...gather, preprocess: 'none' }),
  'more samples than there are': withOp({ ...gather, sampleCount: 21 }),
  'an unknown preprocess': withOp({ ...gather, preprocess: 'standardize' }),
  'shifts of images of another size': withOp({ ...gather, shifts: 'pairs', height: 2, width: 3 }),
  'shifts of no images': withOp({ ...gather, shifts: 'pairs' }),
  'shifts of a table': withOp({
    ...gather,
    samples: 'a',
    sampleCount: 4,
    input: 'd',
    preprocess: 'none',
    shifts: 'pairs',
    height: 1,
    width: 5,
  }),
  'shifts that are floats': withOp({ ...gather, shifts: 'rates', height: 1, width: 5 }),
  'a longer update than its slices': withOp({ ...sgd, length: 16 }),
  'an l2 of NaN': withOp({ ...sgd, l2: Number.NaN }),
  'an l2 that binary32 cannot hold': withOp({ ...sgd, l2: 0.1 }),
  'an infinite l2': withOp({ ...sgd, l2: Number.POSITIVE_INFINITY }),
  'a product over its own factor': withOp({ ...gemm, c: 'a' }),
  'a loss over its own logits': withOp({ ...loss, dLogits: 'a', classes: 5 }),
  'losses over their gradient': withOp({ ...loss, dLogits: 'c', classes: 3 }),
  'an update by the parameter itself': withOp({ ...sgd, gradient: 'a' }),
  'an update by rates that it changes': withOp({ ...sgd, rates: 'a' }),
  'samples over themselves': withOp({
    ...gather,
    samples: 'a',
    sampleCount: 4,
    preprocess: 'none',
  }),
  'an op that reads control': withOp({
    op: 'gatherTargets',
    labels: 'indices',
    order: 'control',
    targets: 'pairs',
    sampleCount: 100,
  }),
  'an op that writes control': withOp({
    op: 'argmax',
    logits: 'a',
    predicted: 'control',
    classes: 5,
  }),
  'a result that begins where a factor does': withSlice('c', { offset: sliceAt('a').offset }),
  'a result that begins inside a factor': withSlice('c', { offset: sliceAt('a').offset + 64 }),
  'a factor that begins inside the result': withSlice('c', {
    offset: sliceAt('b').offset - 64,
    length: 20,
  }),
  'a result over control': withSlice('c', { offset: sliceAt('control').offset }),
};

/** Programs that are not valid: refused when opened, by name, with nothing broken. */
export function invalidProgramCases(): GroupCase[] {
  return [
    {
      name: 'the programs that the following spoil are valid',
      run: (backend) => {
        for (const op of [...VALID.entries.train!.ops, gather, sgd]) {
          backend.open(withOp(op)).close();
        }
        backend.open(withOp({ ...loss, dLogits: 'd', classes: 5 })).close();
        for (const output of ['a', 'd']) backend.open(withOp({ ...dropout, output })).close();
        // Two factors may be one slice, and slices that nobody uses may lie anywhere.
        backend.open(withOp({ ...gemm, n: 5, k: 4, a: 'a', b: 'a', c: 'd', m: 4 })).close();
        backend.open(withSlice('d', { offset: sliceAt('a').offset })).close();
      },
    },
    ...Object.entries(INVALID).map(([what, program]) => ({
      name: `refuses ${what}`,
      run: (backend: Parameters<GroupCase['run']>[0]) => {
        try {
          backend.open(program as Program).close();
        } catch (error) {
          const isRefused = error instanceof BitgradError;
          check(isRefused, `open: expected a BitgradError, received ${error}`);
          return;
        }
        throw new Error('open: expected a BitgradError, received a session');
      },
    })),
  ];
}
