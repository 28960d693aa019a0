import type { Memory, Op, Program, SliceDeclaration } from '@bitgrad/core';
import { describe, test } from 'vitest';
import { missing } from '../../../scripts/require.mjs';
import { expectParity, fillF32, isMissing, Numbers, programOf } from './support.js';

/** A window over images and how many rows a step has, drawn from a seed. */
function drawWindow(numbers: Numbers) {
  const rows = numbers.pick([1, 2, 7, 9, 17]);
  const size = () => numbers.pick([1, 2, 5, 7, 13]);
  const [height, width] = [size(), size()];
  const isSame = numbers.below(2) === 0;
  const side = (extent: number) => {
    const kernel = numbers.pick([1, 2, 3, 5].filter((one) => isSame || one <= extent));
    const stride = numbers.pick([1, 1, 2, 3]);
    const places = isSame ? Math.ceil(extent / stride) : Math.floor((extent - kernel) / stride) + 1;
    const total = isSame ? Math.max((places - 1) * stride + kernel - extent, 0) : 0;
    return { kernel, stride, places, padding: Math.floor(total / 2) };
  };
  const [vertical, horizontal] = [side(height), side(width)];
  const window = {
    height,
    width,
    channels: numbers.pick([1, 3, 7, 16, 17, 40]),
    kernelHeight: vertical.kernel,
    kernelWidth: horizontal.kernel,
    strideVertical: vertical.stride,
    strideHorizontal: horizontal.stride,
    paddingTop: vertical.padding,
    paddingLeft: horizontal.padding,
    outHeight: vertical.places,
    outWidth: horizontal.places,
  };
  const filters = numbers.pick([1, 4, 7, 16, 17, 33, 64]);
  const images: [number, ...number[]] = [rows, height, width, window.channels];
  const out: [number, number, number] = [rows, window.outHeight, window.outWidth];
  return { rows, window, filters, images, out };
}

/** Two full steps and one with fewer rows. */
function expectSame(
  what: string,
  rows: number,
  slices: SliceDeclaration[],
  ops: Op[],
  seed: number,
): void {
  const program = programOf(rows, slices, ops);
  const count = 2 * rows + Math.ceil(rows / 2);
  expectParity(what, program, count, (memory) => fillAll(program, memory, seed));
}

function fillAll(program: Program, memory: Memory, seed: number): void {
  const numbers = new Numbers(seed);
  const names = program.slices.filter(({ type }) => type === 'f32').map(({ name }) => name);
  fillF32(memory, names, numbers, numbers.pick([0, 3, 13]));
}

const seeds = Array.from({ length: missing('long') ? 20 : 60 }, (_, seed) => seed);

describe.skipIf(isMissing)('layers of images give the bits of the TypeScript backend', () => {
  test.each(seeds)('convolution and its gradients, seed %i', (seed) => {
    const numbers = new Numbers(seed);
    const { rows, window, filters, images, out } = drawWindow(numbers);
    const shards = numbers.pick([1, 1, 3]);
    const kernel = [window.kernelHeight, window.kernelWidth, window.channels, filters] as const;
    const slices: SliceDeclaration[] = [
      ['input', 'f32', ...images],
      ['weight', 'f32', ...kernel],
      ['bias', 'f32', filters],
      ['output', 'f32', ...out, filters],
      ['dOutput', 'f32', ...out, filters],
      ['dInput', 'f32', ...images],
      ['dWeight', 'f32', shards, ...kernel],
      ['dBias', 'f32', shards, filters],
      ['sum', 'f32', kernel.reduce((product, size) => product * size)],
    ];
    const hasBias = seed % 2 === 0;
    const shape = { ...window, filters };
    const ops: Op[] = [
      {
        op: 'conv2d',
        input: 'input',
        weight: 'weight',
        bias: hasBias ? 'bias' : null,
        output: 'output',
        ...shape,
      },
      { op: 'conv2dInputGrad', dOutput: 'dOutput', weight: 'weight', dInput: 'dInput', ...shape },
      {
        op: 'conv2dWeightGrad',
        input: 'input',
        dOutput: 'dOutput',
        dWeight: 'dWeight',
        dBias: hasBias ? 'dBias' : null,
        ...shape,
        shards,
      },
      {
        op: 'foldShards',
        sums: 'dWeight',
        gradient: 'sum',
        length: kernel.reduce((product, size) => product * size),
        shards,
      },
    ];
    expectSame(`convolution ${JSON.stringify(shape)}`, rows, slices, ops, seed);
  });

  test.each(seeds)('pooling and its gradients, seed %i', (seed) => {
    const { rows, window, images, out } = drawWindow(new Numbers(seed));
    const slices: SliceDeclaration[] = [
      ['input', 'f32', ...images],
      ['greatest', 'f32', ...out, window.channels],
      ['average', 'f32', ...out, window.channels],
      ['dOutput', 'f32', ...out, window.channels],
      ['dGreatest', 'f32', ...images],
      ['dAverage', 'f32', ...images],
    ];
    const dOutput = 'dOutput';
    const ops: Op[] = [
      { op: 'maxPool2d', input: 'input', output: 'greatest', ...window },
      { op: 'averagePool2d', input: 'input', output: 'average', ...window },
      { op: 'maxPool2dGrad', input: 'input', dOutput, dInput: 'dGreatest', ...window },
      { op: 'averagePool2dGrad', dOutput, dInput: 'dAverage', ...window },
    ];
    expectSame(`pooling ${JSON.stringify(window)}`, rows, slices, ops, seed);
  });

  test.each(seeds)('normalisation and its gradients, seed %i', (seed) => {
    const numbers = new Numbers(seed);
    const rows = numbers.pick([1, 2, 7, 9, 17]);
    const pixels = numbers.pick([1, 4, 7, 49]);
    const channels = numbers.pick([1, 3, 4, 16, 17, 40]);
    const shards = numbers.pick([1, 1, 3, 19]);
    const values = [rows, pixels, channels] as const;
    const size = { pixels, channels };
    const slices: SliceDeclaration[] = [
      ['input', 'f32', ...values],
      ['output', 'f32', ...values],
      ['used', 'f32', ...values],
      ['dOutput', 'f32', ...values],
      ['dInput', 'f32', ...values],
      ['scale', 'f32', channels],
      ['shift', 'f32', channels],
      ['mean', 'f32', shards, channels],
      ['variance', 'f64', shards, channels],
      ['dScale', 'f32', shards, channels],
      ['dShift', 'f32', shards, channels],
      ['runningMean', 'f32', channels],
      ['runningVariance', 'f32', channels],
    ];
    const inputs = { input: 'input', scale: 'scale' } as const;
    const statistics = { mean: 'mean', variance: 'variance' } as const;
    const epsilon = 1e-5;
    const ops: Op[] = [
      {
        op: 'batchNorm',
        ...inputs,
        shift: 'shift',
        output: 'output',
        ...statistics,
        ...size,
        epsilon,
        shards,
      },
      {
        op: 'batchNormGrad',
        ...inputs,
        dOutput: 'dOutput',
        ...statistics,
        dInput: seed % 3 === 0 ? null : 'dInput',
        dScale: 'dScale',
        dShift: 'dShift',
        ...size,
        epsilon,
        shards,
      },
      {
        op: 'runningStatistics',
        ...statistics,
        runningMean: 'runningMean',
        runningVariance: 'runningVariance',
        ...size,
        momentum: Math.fround(0.9),
        complement: Math.fround(1 - Math.fround(0.9)),
        shards,
      },
      {
        op: 'batchNormUse',
        ...inputs,
        shift: 'shift',
        output: 'used',
        mean: 'runningMean',
        variance: 'runningVariance',
        ...size,
        epsilon,
      },
    ];
    const program = programOf(rows, slices, ops);
    const fill = (memory: Memory): void => {
      fillAll(program, memory, seed);
      memory.f32('runningVariance').fill(1);
    };
    expectParity(`batchNorm ${values} in ${shards}`, program, 2 * rows + Math.ceil(rows / 2), fill);
  });
});
