import type { Op } from './ops.js';

/**
 * What each field of an op is, so that one walk can check a program and another can encode it.
 * A slice is a type and the dimensions that its size must cover; a dimension is another field of
 * the op, or `rows` (the entry's batch size), or a number. `capacity` dimensions are what a pass
 * indexes by position: no fixed size is asked for; backends check the pass against them.
 */
export type Field =
  | {
      readonly kind: 'slice';
      readonly type: 'f32' | 'u32' | 'i32';
      readonly size: readonly Size[];
      readonly optional?: true;
    }
  | { readonly kind: 'samples'; readonly size: readonly Size[] }
  | { readonly kind: 'count'; readonly least?: 1 }
  | { readonly kind: 'word' }
  | { readonly kind: 'dimension' }
  | { readonly kind: 'float' }
  | { readonly kind: 'flag' }
  | { readonly kind: 'choice'; readonly of: readonly string[] };

export type Size = string | number;

const f32 = (...size: Size[]): Field => ({ kind: 'slice', type: 'f32', size });
const u32 = (...size: Size[]): Field => ({ kind: 'slice', type: 'u32', size });
const count: Field = { kind: 'count' };
/** A loss of no classes, and the greatest of no logits, do not exist. */
const some: Field = { kind: 'count', least: 1 };
const float: Field = { kind: 'float' };
const dimension: Field = { kind: 'dimension' };
const flag: Field = { kind: 'flag' };
const activation: Field = {
  kind: 'choice',
  of: ['relu', 'sigmoid', 'tanh', 'leaky-relu', 'elu'],
};

type FieldsOf<O extends Op> = { readonly [Name in Exclude<keyof O, 'op'>]: Field };
type Operands = { readonly [Name in Op['op']]: FieldsOf<Extract<Op, { op: Name }>> };

/** The fields of every op, in the order in which they are encoded. */
export const OPERANDS: Operands = {
  gather: {
    samples: { kind: 'samples', size: ['sampleCount', 'features'] },
    order: u32('capacity'),
    shifts: { kind: 'slice', type: 'i32', size: ['capacity', 2], optional: true },
    input: f32('rows', 'features'),
    sampleCount: count,
    features: count,
    height: count,
    width: count,
    preprocess: { kind: 'choice', of: ['none', 'binarize', 'scale'] },
  },
  gatherTargets: {
    labels: u32('sampleCount'),
    order: u32('capacity'),
    targets: u32('rows'),
    sampleCount: count,
  },
  gemm: {
    a: f32('m', 'k'),
    b: f32('k', 'n'),
    c: f32('m', 'n'),
    m: dimension,
    n: dimension,
    k: dimension,
    transposeA: flag,
    transposeB: flag,
  },
  biasAdd: { output: f32('rows', 'width'), bias: f32('width'), width: count },
  biasGrad: { dOutput: f32('rows', 'width'), dBias: f32('width'), width: count },
  activation: { output: f32('rows', 'width'), width: count, activation },
  activationGrad: {
    output: f32('rows', 'width'),
    dOutput: f32('rows', 'width'),
    width: count,
    activation,
  },
  softmaxCrossEntropy: {
    logits: f32('rows', 'classes'),
    targets: u32('rows'),
    losses: f32('capacity'),
    dLogits: f32('rows', 'classes'),
    classes: some,
  },
  softmax: {
    logits: f32('rows', 'classes'),
    probabilities: f32('capacity', 'classes'),
    classes: some,
  },
  argmax: { logits: f32('rows', 'classes'), predicted: u32('capacity'), classes: some },
  sgd: {
    parameter: f32('length'),
    gradient: f32('length'),
    rates: f32('steps'),
    length: count,
    l2: float,
  },
  momentum: {
    parameter: f32('length'),
    gradient: f32('length'),
    velocity: f32('length'),
    rates: f32('steps'),
    length: count,
    l2: float,
    momentum: float,
    nesterov: flag,
  },
  adam: {
    parameter: f32('length'),
    gradient: f32('length'),
    firstMoment: f32('length'),
    secondMoment: f32('length'),
    scalars: f32('steps', 3),
    length: count,
    l2: float,
    beta1: float,
    beta2: float,
    complement1: float,
    complement2: float,
    epsilon: float,
    decayed: flag,
  },
  dropout: {
    input: f32('rows', 'width'),
    output: f32('rows', 'width'),
    place: u32(3),
    width: count,
    layer: count,
    threshold: { kind: 'word' },
    scale: float,
  },
  classWeights: {
    dLogits: f32('rows', 'classes'),
    targets: u32('rows'),
    weights: f32('classes'),
    classes: some,
  },
  squaredError: {
    logits: f32('rows', 'outputs'),
    targets: f32('rows', 'outputs'),
    losses: f32('capacity'),
    dLogits: f32('rows', 'outputs'),
    outputs: some,
  },
  emit: { logits: f32('rows', 'width'), outputs: f32('capacity', 'width'), width: count },
  gatherAffine: {
    samples: { kind: 'samples', size: ['sampleCount', 'features'] },
    order: u32('capacity'),
    maps: { kind: 'slice', type: 'i32', size: ['capacity', 6] },
    input: f32('rows', 'features'),
    sampleCount: count,
    features: count,
    height: count,
    width: count,
    preprocess: { kind: 'choice', of: ['binarize', 'scale'] },
  },
  shardedGemm: {
    a: f32('rows', 'm'),
    b: f32('rows', 'n'),
    c: f32('m', 'n'),
    partial: f32('m', 'n'),
    m: count,
    n: count,
    shards: some,
  },
  shardedBiasGrad: {
    dOutput: f32('rows', 'width'),
    dBias: f32('width'),
    partial: f32('width'),
    width: count,
    shards: some,
  },
};

/** The names of the ops in the order of their codes. */
export const OP_NAMES: readonly Op['op'][] = Object.keys(OPERANDS) as Op['op'][];
