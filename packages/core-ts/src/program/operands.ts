import type { Op } from './ops.js';

/** What an op does with a slice; `both` changes it in place. */
export type Access = 'reads' | 'writes' | 'both';

/**
 * What each field of an op is, so that one walk can check a program and another can encode it, and
 * so that backends that are not JavaScript can have their tables made from it.
 *
 * A slice is a type and the dimensions that its size must cover; a dimension is another field of
 * the op, or `rows` (the entry's batch size), or a number. `capacity` dimensions are what a pass
 * indexes by position: no fixed size is asked for; backends check the pass against them.
 *
 * `rows` is for backends whose threads share a step's rows: which rows of the slice the op needs for
 * some rows of the step. Those rows alone, counted from the first row of the `step` or of the
 * `pass`; or `none`: all of the slice, or any part. What a normalisation makes of all rows its members
 * tell each other while they run it (`plan.ts`).
 */
export type Field =
  | SliceField
  | SamplesField
  | { readonly kind: 'count'; readonly least?: 1; readonly most?: number }
  | { readonly kind: 'word' }
  | { readonly kind: 'dimension' }
  | { readonly kind: 'float' }
  | { readonly kind: 'double' }
  | { readonly kind: 'flag' }
  | { readonly kind: 'choice'; readonly type: ChoiceType; readonly of: readonly string[] };

/** What is gathered from: no op writes it, and it may lie apart from the arena. */
export interface SamplesField {
  readonly kind: 'samples';
  /** `inputs` are bytes, or binary32 where the op prepares nothing. */
  readonly type: 'inputs' | 'u32';
  readonly size: readonly Size[];
}

export interface SliceField {
  readonly kind: 'slice';
  readonly type: 'f32' | 'f64' | 'u32' | 'i32';
  readonly size: readonly Size[];
  readonly access: Access;
  readonly rows: 'step' | 'pass' | 'none';
  readonly optional?: true;
  /** The field that may name the same slice, because each element is read before it is written. */
  readonly inPlaceOf?: string;
}

export type Size = string | number;

/** The names that choices are among, in the order in which they are encoded. */
export const CHOICES = {
  Preprocess: ['none', 'binarize', 'scale'],
  ActivationName: ['relu', 'sigmoid', 'tanh', 'leaky-relu', 'elu'],
} as const satisfies Readonly<Record<string, readonly string[]>>;
export type ChoiceType = keyof typeof CHOICES;

/** A slice whose rows, if it has any, are treated each for itself. */
function slice(access: Access, type: SliceField['type'], size: readonly Size[]): SliceField {
  const rows = size[0] === 'rows' ? 'step' : size[0] === 'capacity' ? 'pass' : 'none';
  return { kind: 'slice', type, size, access, rows };
}
const reads = (...size: Size[]): SliceField => slice('reads', 'f32', size);
const writes = (...size: Size[]): SliceField => slice('writes', 'f32', size);
const changes = (...size: Size[]): SliceField => slice('both', 'f32', size);
const readsU32 = (...size: Size[]): SliceField => slice('reads', 'u32', size);
const writesU32 = (...size: Size[]): SliceField => slice('writes', 'u32', size);
const readsI32 = (...size: Size[]): SliceField => slice('reads', 'i32', size);
/** The same where every row of the result hangs on all rows of the slice. */
const whole = (field: SliceField): SliceField => ({ ...field, rows: 'none' });
/** The same where the dimension that comes first may be the rows of the step. */
const byRows = (field: SliceField): SliceField => ({ ...field, rows: 'step' });

const count: Field = { kind: 'count' };
/** A loss of no classes, and the greatest of no logits, do not exist. */
const some: Field = { kind: 'count', least: 1 };
/** Each takes a walk, even where it has no rows. */
const shards: Field = { kind: 'count', least: 1, most: 1024 };
const float: Field = { kind: 'float' };
const double: Field = { kind: 'double' };
const dimension: Field = { kind: 'dimension' };
const flag: Field = { kind: 'flag' };
const activation: Field = {
  kind: 'choice',
  type: 'ActivationName',
  of: CHOICES.ActivationName,
};

/** Images of a step, and how a window walks over them. */
const images = ['rows', 'height', 'width', 'channels'] as const;
const filtered = ['rows', 'outHeight', 'outWidth', 'filters'] as const;
const pooled = ['rows', 'outHeight', 'outWidth', 'channels'] as const;
const kernel = ['kernelHeight', 'kernelWidth', 'channels', 'filters'] as const;
const window = {
  height: count,
  width: count,
  channels: count,
  kernelHeight: some,
  kernelWidth: some,
  strideVertical: some,
  strideHorizontal: some,
  paddingTop: count,
  paddingLeft: count,
  outHeight: count,
  outWidth: count,
} as const;
/** Numbers of a step by channel, and their statistics. */
const values = ['rows', 'pixels', 'channels'] as const;
const statistics = ['shards', 'channels'] as const;

type FieldsOf<O extends Op> = { readonly [Name in Exclude<keyof O, 'op'>]: Field };
type Operands = { readonly [Name in Op['op']]: FieldsOf<Extract<Op, { op: Name }>> };

/** The fields of every op, in the order in which they are encoded. */
export const OPERANDS: Operands = {
  gather: {
    samples: { kind: 'samples', type: 'inputs', size: ['sampleCount', 'features'] },
    order: readsU32('capacity'),
    shifts: { ...readsI32('capacity', 2), optional: true },
    input: writes('rows', 'features'),
    sampleCount: count,
    features: count,
    height: count,
    width: count,
    preprocess: { kind: 'choice', type: 'Preprocess', of: CHOICES.Preprocess },
  },
  gatherTargets: {
    labels: { kind: 'samples', type: 'u32', size: ['sampleCount'] },
    order: readsU32('capacity'),
    targets: writesU32('rows'),
    sampleCount: count,
  },
  gemm: {
    a: byRows(reads('m', 'k')),
    b: reads('k', 'n'),
    c: byRows(writes('m', 'n')),
    m: dimension,
    n: dimension,
    k: dimension,
    transposeA: flag,
    transposeB: flag,
  },
  biasAdd: { output: changes('rows', 'width'), bias: reads('width'), width: count },
  biasGrad: { dOutput: whole(reads('rows', 'width')), dBias: writes('width'), width: count },
  activation: { output: changes('rows', 'width'), width: count, activation },
  activationGrad: {
    output: reads('rows', 'width'),
    dOutput: changes('rows', 'width'),
    width: count,
    activation,
  },
  softmaxCrossEntropy: {
    logits: reads('rows', 'classes'),
    targets: readsU32('rows'),
    losses: writes('capacity'),
    dLogits: writes('rows', 'classes'),
    classes: some,
  },
  softmax: {
    logits: reads('rows', 'classes'),
    probabilities: writes('capacity', 'classes'),
    classes: some,
  },
  argmax: { logits: reads('rows', 'classes'), predicted: writesU32('capacity'), classes: some },
  sgd: {
    parameter: changes('length'),
    gradient: reads('length'),
    rates: reads('steps'),
    length: count,
    l2: float,
  },
  momentum: {
    parameter: changes('length'),
    gradient: reads('length'),
    velocity: changes('length'),
    rates: reads('steps'),
    length: count,
    l2: float,
    momentum: float,
    nesterov: flag,
  },
  adam: {
    parameter: changes('length'),
    gradient: reads('length'),
    firstMoment: changes('length'),
    secondMoment: changes('length'),
    scalars: reads('steps', 3),
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
    input: reads('rows', 'width'),
    output: { ...writes('rows', 'width'), inPlaceOf: 'input' },
    place: readsU32(3),
    width: count,
    layer: count,
    threshold: { kind: 'word' },
    scale: float,
  },
  classWeights: {
    dLogits: changes('rows', 'classes'),
    targets: readsU32('rows'),
    weights: reads('classes'),
    classes: some,
  },
  squaredError: {
    logits: reads('rows', 'outputs'),
    targets: reads('rows', 'outputs'),
    losses: writes('capacity'),
    dLogits: writes('rows', 'outputs'),
    outputs: some,
  },
  binaryCrossEntropy: {
    logits: reads('rows', 'outputs'),
    targets: reads('rows', 'outputs'),
    losses: writes('capacity'),
    dLogits: writes('rows', 'outputs'),
    outputs: some,
  },
  emit: { logits: reads('rows', 'width'), outputs: writes('capacity', 'width'), width: count },
  gatherAffine: {
    samples: { kind: 'samples', type: 'inputs', size: ['sampleCount', 'features'] },
    order: readsU32('capacity'),
    maps: readsI32('capacity', 6),
    input: writes('rows', 'features'),
    sampleCount: count,
    features: count,
    height: count,
    width: count,
    preprocess: { kind: 'choice', type: 'Preprocess', of: ['binarize', 'scale'] },
  },
  shardedGemm: {
    a: whole(reads('rows', 'm')),
    b: whole(reads('rows', 'n')),
    c: writes('m', 'n'),
    partial: writes('m', 'n'),
    m: count,
    n: count,
    shards,
  },
  shardedBiasGrad: {
    dOutput: whole(reads('rows', 'width')),
    dBias: writes('width'),
    partial: writes('width'),
    width: count,
    shards,
  },
  conv2d: {
    input: reads(...images),
    weight: reads(...kernel),
    bias: { ...reads('filters'), optional: true },
    output: writes(...filtered),
    ...window,
    filters: count,
  },
  conv2dInputGrad: {
    dOutput: reads(...filtered),
    weight: reads(...kernel),
    dInput: writes(...images),
    ...window,
    filters: count,
  },
  conv2dWeightGrad: {
    input: whole(reads(...images)),
    dOutput: whole(reads(...filtered)),
    dWeight: writes('shards', ...kernel),
    dBias: { ...writes('shards', 'filters'), optional: true },
    ...window,
    filters: count,
    shards,
  },
  maxPool2d: { input: reads(...images), output: writes(...pooled), ...window },
  maxPool2dGrad: {
    input: reads(...images),
    dOutput: reads(...pooled),
    dInput: writes(...images),
    ...window,
  },
  averagePool2d: { input: reads(...images), output: writes(...pooled), ...window },
  averagePool2dGrad: { dOutput: reads(...pooled), dInput: writes(...images), ...window },
  batchNorm: {
    input: reads(...values),
    output: writes(...values),
    scale: reads('channels'),
    shift: reads('channels'),
    mean: writes(...statistics),
    variance: slice('writes', 'f64', statistics),
    pixels: count,
    channels: count,
    epsilon: double,
    shards,
  },
  batchNormGrad: {
    input: reads(...values),
    dOutput: reads(...values),
    scale: reads('channels'),
    mean: reads(...statistics),
    variance: slice('reads', 'f64', statistics),
    dInput: { ...writes(...values), optional: true },
    dScale: writes(...statistics),
    dShift: writes(...statistics),
    pixels: count,
    channels: count,
    epsilon: double,
    shards,
  },
  batchNormUse: {
    input: reads(...values),
    output: writes(...values),
    scale: reads('channels'),
    shift: reads('channels'),
    mean: reads('channels'),
    variance: reads('channels'),
    pixels: count,
    channels: count,
    epsilon: double,
  },
  runningStatistics: {
    mean: reads(...statistics),
    variance: slice('reads', 'f64', statistics),
    runningMean: changes('channels'),
    runningVariance: changes('channels'),
    pixels: count,
    channels: count,
    momentum: float,
    complement: float,
    shards,
  },
  foldShards: {
    sums: reads('shards', 'length'),
    gradient: writes('length'),
    length: count,
    shards,
  },
};

/** The names of the ops in the order of their codes. */
export const OP_NAMES: readonly Op['op'][] = Object.keys(OPERANDS) as Op['op'][];
