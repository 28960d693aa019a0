import { type Op, type Padding, type Size2d, type SliceDeclaration, windowOf } from '@bitgrad/core';
import type { GroupCase } from '../case.js';
import { kindCases, type OpRun, widthsAndPasses } from './op-shapes.js';

const SIZES = [
  [1, 1],
  [2, 2],
  [7, 7],
  [2, 7],
  [7, 1],
  [5, 9],
] as const;
const KERNELS = [1, 2, 3, 5, [3, 1], [2, 4]] as const;
const STRIDES = [1, 2, 3, [2, 1]] as const;
const PADDINGS = ['same', 'valid'] as const;
const CHANNELS = [1, 3, 7, 16, 17] as const;
const PASSES = [
  { batchSize: 1, count: 2 },
  { batchSize: 7, count: 10 },
] as const;

interface WindowCase {
  readonly size: readonly [number, number];
  readonly kernelSize: Size2d;
  readonly strides: Size2d;
  readonly padding: Padding;
  readonly channels: number;
  readonly filters: number;
  readonly batchSize: number;
  readonly count: number;
}

const digit = { size: [28, 28], batchSize: 2, count: 3 } as const;
const WHOLE_DIGITS: readonly WindowCase[] = [
  { ...digit, channels: 1, filters: 16, kernelSize: 3, strides: 1, padding: 'same' },
  { ...digit, channels: 1, filters: 5, kernelSize: 5, strides: 2, padding: 'same' },
  { ...digit, channels: 3, filters: 8, kernelSize: 3, strides: 2, padding: 'valid' },
  { ...digit, channels: 17, filters: 7, kernelSize: 3, strides: 3, padding: 'same' },
];

/** Every size with every window, step and padding that fits; channels, filters and passes in turn. */
function windowCases(): WindowCase[] {
  const cases: WindowCase[] = [];
  for (const size of SIZES) {
    for (const kernelSize of KERNELS) {
      const [vertical, horizontal] =
        typeof kernelSize === 'number' ? [kernelSize, kernelSize] : kernelSize;
      for (const strides of STRIDES) {
        for (const padding of PADDINGS) {
          const at = cases.length;
          if (padding === 'valid' && (vertical > size[0] || horizontal > size[1])) continue;
          cases.push({
            size,
            kernelSize,
            strides,
            padding,
            channels: CHANNELS[at % 5]!,
            filters: CHANNELS[(3 * at + 2) % 5]!,
            ...PASSES[at % 2]!,
          });
        }
      }
    }
  }
  return [...cases, ...WHOLE_DIGITS];
}

/** The cases with their windows, and how many numbers a sample is on either side. */
function windows() {
  return windowCases().map((one) => {
    const input = [...one.size, one.channels] as const;
    const window = windowOf(one, input);
    const { outHeight, outWidth } = window;
    return { ...one, window, image: input, places: [outHeight, outWidth] as const };
  });
}

/** Sums that overflow nowhere; their order shows in `cancelling`, skipped zeros in `sparse`. */
const SUM_KINDS = ['ordinary', 'sparse', 'tiny', 'cancelling', 'negativeZeros'] as const;
/** With many equal values in a window. */
const POOL_KINDS = ['ordinary', 'sparse', 'ones', 'negativeZeros'] as const;

/** Convolutions, pooling and batch normalisation over many shapes. */
export function imageCases(): GroupCase[] {
  return [
    ...kindCases(
      'conv2d',
      function* (): Iterable<OpRun> {
        for (const [at, one] of windows().entries()) {
          const { window, filters, batchSize, count, image, places } = one;
          const bias = at % 3 === 0 ? null : 'bias';
          yield {
            op: {
              op: 'conv2d',
              input: 'input',
              weight: 'weight',
              bias,
              output: 'output',
              ...window,
              filters,
            },
            batchSize,
            count,
            declarations: [
              ['input', 'f32', batchSize, ...image],
              weightSlice('weight', one),
              ['bias', 'f32', filters],
              ['output', 'f32', batchSize, ...places, filters],
            ],
          };
        }
      },
      SUM_KINDS,
    ),
    ...kindCases(
      'conv2dInputGrad',
      function* (): Iterable<OpRun> {
        for (const one of windows()) {
          const { window, filters, batchSize, count, image, places } = one;
          yield {
            op: {
              op: 'conv2dInputGrad',
              dOutput: 'dOutput',
              weight: 'weight',
              dInput: 'dInput',
              ...window,
              filters,
            },
            batchSize,
            count,
            declarations: [
              ['dOutput', 'f32', batchSize, ...places, filters],
              weightSlice('weight', one),
              ['dInput', 'f32', batchSize, ...image],
            ],
          };
        }
      },
      SUM_KINDS,
    ),
    ...kindCases(
      'conv2dWeightGrad',
      function* (): Iterable<OpRun> {
        for (const [at, one] of windows().entries()) {
          const { window, filters, batchSize, count, image, places } = one;
          const shards = [1, 1, 3, 9][at % 4]!;
          const dBias = at % 3 === 0 ? null : 'dBias';
          const names = { input: 'input', dOutput: 'dOutput', dWeight: 'dWeight', dBias };
          yield {
            op: { op: 'conv2dWeightGrad', ...names, ...window, filters, shards },
            batchSize,
            count,
            declarations: [
              ['input', 'f32', batchSize, ...image],
              ['dOutput', 'f32', batchSize, ...places, filters],
              weightSlice('dWeight', one, shards),
              ['dBias', 'f32', shards, filters],
            ],
          };
        }
      },
      SUM_KINDS,
    ),
    ...poolCases(),
    ...normCases(),
    ...kindCases('foldShards', function* (): Iterable<OpRun> {
      for (const { width: length, batchSize, count } of widthsAndPasses([0])) {
        const shards = 1 + (length % 4);
        yield {
          op: { op: 'foldShards', sums: 'sums', gradient: 'gradient', length, shards },
          batchSize,
          count,
          declarations: [
            ['sums', 'f32', shards, length],
            ['gradient', 'f32', length],
          ],
        };
      }
    }),
  ];
}

function weightSlice(
  name: string,
  { window: { kernelHeight, kernelWidth }, channels, filters }: ReturnType<typeof windows>[number],
  ...shards: number[]
): SliceDeclaration {
  return [name, 'f32', ...shards, kernelHeight, kernelWidth, channels, filters];
}

function poolCases(): GroupCase[] {
  return (['maxPool2d', 'averagePool2d'] as const).flatMap((op) => [
    ...kindCases(
      op,
      function* (): Iterable<OpRun> {
        for (const { window, channels, batchSize, count, image, places } of windows()) {
          yield {
            op: { op, input: 'input', output: 'output', ...window },
            batchSize,
            count,
            declarations: [
              ['input', 'f32', batchSize, ...image],
              ['output', 'f32', batchSize, ...places, channels],
            ],
          };
        }
      },
      POOL_KINDS,
    ),
    ...kindCases(
      `${op}Grad`,
      function* (): Iterable<OpRun> {
        for (const { window, channels, batchSize, count, image, places } of windows()) {
          const slices = { dOutput: 'dOutput', dInput: 'dInput' };
          yield {
            op:
              op === 'maxPool2d'
                ? { op: 'maxPool2dGrad', input: 'input', ...slices, ...window }
                : { op: 'averagePool2dGrad', ...slices, ...window },
            batchSize,
            count,
            declarations: [
              ['input', 'f32', batchSize, ...image],
              ['dOutput', 'f32', batchSize, ...places, channels],
              ['dInput', 'f32', batchSize, ...image],
            ],
          };
        }
      },
      POOL_KINDS,
    ),
  ]);
}

/** Pixels of a sample, channels, shards and a pass for each. */
function* normShapes() {
  const epsilons = [1e-5, 1e-3];
  for (const [at, channels] of [1, 2, 3, 7, 8, 15, 16, 17, 33].entries()) {
    for (const pixels of [1, 4, 9, 49]) {
      for (const pass of PASSES) {
        const shards = [1, 2, 4, 9][(at + pixels) % 4]!;
        const values = (name: string): SliceDeclaration => [
          name,
          'f32',
          pass.batchSize,
          pixels,
          channels,
        ];
        const of = (name: string): SliceDeclaration => [name, 'f32', channels];
        const ofShards = (name: string): SliceDeclaration => [name, 'f32', shards, channels];
        const epsilon = epsilons[at % 2]!;
        yield { channels, pixels, shards, epsilon, ...pass, values, of, ofShards };
      }
    }
  }
}

/** Squares of huge values are not finite in binary32, and variances of random bits are negative. */
const NORM_KINDS = ['ordinary', 'sparse', 'ones', 'tiny', 'cancelling', 'negativeZeros'] as const;

function normCases(): GroupCase[] {
  return [
    ...normOps('batchNorm', ({ pixels, channels, epsilon, shards, values, of, ofShards }) => ({
      op: {
        op: 'batchNorm',
        input: 'input',
        output: 'output',
        scale: 'scale',
        shift: 'shift',
        mean: 'mean',
        variance: 'variance',
        pixels,
        channels,
        epsilon,
        shards,
      },
      declarations: [
        values('input'),
        values('output'),
        of('scale'),
        of('shift'),
        ofShards('mean'),
        ['variance', 'f64', shards, channels],
      ],
    })),
    ...normOps('batchNormGrad', ({ pixels, channels, epsilon, shards, values, of, ofShards }) => ({
      op: {
        op: 'batchNormGrad',
        input: 'input',
        dOutput: 'dOutput',
        scale: 'scale',
        mean: 'mean',
        variance: 'variance',
        dInput: channels % 3 === 0 ? null : 'dInput',
        dScale: 'dScale',
        dShift: 'dShift',
        pixels,
        channels,
        epsilon,
        shards,
      },
      declarations: [
        values('input'),
        values('dOutput'),
        of('scale'),
        ofShards('mean'),
        ['variance', 'f64', shards, channels],
        values('dInput'),
        ofShards('dScale'),
        ofShards('dShift'),
      ],
    })),
    ...normOps('batchNormUse', ({ pixels, channels, epsilon, values, of }) => ({
      op: {
        op: 'batchNormUse',
        input: 'input',
        output: 'output',
        scale: 'scale',
        shift: 'shift',
        mean: 'mean',
        variance: 'positive',
        pixels,
        channels,
        epsilon,
      },
      declarations: [
        values('input'),
        values('output'),
        of('scale'),
        of('shift'),
        of('mean'),
        of('positive'),
      ],
    })),
    ...normOps('runningStatistics', ({ pixels, channels, shards, of, ofShards }) => ({
      op: {
        op: 'runningStatistics',
        mean: 'mean',
        variance: 'variance',
        runningMean: 'runningMean',
        runningVariance: 'runningVariance',
        pixels,
        channels,
        momentum: Math.fround(0.9),
        complement: Math.fround(0.1),
        shards,
      },
      declarations: [
        ofShards('mean'),
        ['variance', 'f64', shards, channels],
        of('runningMean'),
        of('runningVariance'),
      ],
    })),
  ];
}

type NormShape = ReturnType<typeof normShapes> extends Generator<infer Shape> ? Shape : never;

function normOps(
  name: string,
  make: (shape: NormShape) => { op: Op; declarations: readonly SliceDeclaration[] },
): GroupCase[] {
  return kindCases(
    name,
    function* (): Iterable<OpRun> {
      for (const shape of normShapes()) {
        const { op, declarations } = make(shape);
        const names = new Set(declarations.map(([slice]) => slice));
        const { batchSize, count } = shape;
        yield {
          op,
          batchSize,
          count,
          declarations,
          fix: ({ f32, f64 }) => {
            const positive = (value: number, at: number): number => 0.25 + Math.abs(value) + at / 7;
            if (names.has('positive')) f32('positive').set(f32('positive').map(positive));
            if (names.has('variance')) {
              f64('variance').set(f64('variance').map((_, at) => positive(1 / 3, at)));
            }
          },
        };
      }
    },
    NORM_KINDS,
  );
}
