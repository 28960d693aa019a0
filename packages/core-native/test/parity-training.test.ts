import {
  type ActivationName,
  adamScalars,
  compileTraining,
  initialParameters,
  type Memory,
  type Network,
  type Op,
  type Preprocess,
  type Program,
  type SliceDeclaration,
  type TrainingPlan,
  writeParameters,
} from '@bitgrad/core';
import { describe, test } from 'vitest';
import { expectParity, fillBelow, isMissing, Numbers, programOf } from './support.js';

interface Case {
  layers: readonly number[];
  activation?: ActivationName;
  outputActivation?: Network['outputActivation'];
  preprocess?: Preprocess;
  loss?: 'squared-error';
  batchSize: number;
  /** Rows of the pass, where they are more than samples. */
  count?: number;
  /** How many of 16 input values are 0. */
  zeros?: number;
  /** Whether all samples of every third batch have few zeros. */
  isMixed?: boolean;
  isShifted?: boolean;
  /** How far images may be shifted in rows and columns; every fourth one is then blank. */
  farthest?: number;
  isMapped?: boolean;
  /** A rate that makes a difference between +0 and −0, of which the weights then have many. */
  rate?: number;
  /** What differs from plain SGD. */
  plan?: Partial<TrainingPlan>;
}

const CASES: readonly Case[] = [
  { layers: [784, 32, 10], batchSize: 1 },
  { layers: [784, 32, 10], batchSize: 32, isShifted: true, plan: { l2: 1e-4 } },
  { layers: [784, 32, 10], batchSize: 6, isShifted: true, farthest: 40, activation: 'sigmoid' },
  { layers: [784, 128, 10], batchSize: 32, preprocess: 'scale' },
  { layers: [784, 128, 10], batchSize: 7, preprocess: 'scale', isShifted: true, activation: 'elu' },
  // Every way of cutting an outer product's columns into vectors.
  { layers: [784, 32, 10], batchSize: 1, plan: { l2: 1e-3 } },
  { layers: [64, 37, 21, 50, 9], batchSize: 1, plan: { l2: 0.01 } },
  { layers: [784, 512, 512, 10], batchSize: 13, preprocess: 'scale' },
  { layers: [784, 10], batchSize: 1, outputActivation: 'relu' },
  { layers: [784, 9], batchSize: 19, preprocess: 'scale', plan: { l2: 0.01 } },
  // Samples with few zeros take the dense products.
  { layers: [784, 33, 10], batchSize: 16, preprocess: 'scale', zeros: 1 },
  { layers: [784, 32, 10], batchSize: 1, preprocess: 'scale', zeros: 0 },
  { layers: [13, 17, 3], batchSize: 5, preprocess: 'none', zeros: 1, activation: 'tanh' },
  // So wide that several threads each keep their own columns of the weights while a run lasts.
  { layers: [784, 128, 10], batchSize: 8, preprocess: 'scale', isMixed: true, plan: { l2: 1e-3 } },
  { layers: [784, 131, 10], batchSize: 9, isMixed: true },
  { layers: [784, 213, 10], batchSize: 10, plan: { l2: 1e-3 } },
  { layers: [784, 144, 10], batchSize: 11, preprocess: 'scale', plan: { optimizer: 'momentum' } },
  { layers: [784, 130, 10], batchSize: 12, isMixed: true, plan: { optimizer: 'adam' } },
  { layers: [400, 512, 10], batchSize: 16, preprocess: 'scale' },
  { layers: [784, 260, 10], batchSize: 70, count: 150, preprocess: 'scale' },
  { layers: [13, 17, 3], batchSize: 1, preprocess: 'none', zeros: 12, activation: 'sigmoid' },
  { layers: [1, 1, 2], batchSize: 3, preprocess: 'none', zeros: 8, activation: 'leaky-relu' },
  { layers: [64, 65, 31, 16], batchSize: 33, activation: 'leaky-relu' },
  // As many rows as a word has bits, one more and one less; some words of them.
  { layers: [784, 32, 10], batchSize: 63, count: 150, plan: { l2: 1e-3 } },
  { layers: [784, 33, 10], batchSize: 64, count: 150 },
  { layers: [784, 32, 10], batchSize: 65, count: 150, plan: { optimizer: 'momentum' } },
  { layers: [81, 131, 10], batchSize: 150, count: 300 },
  // Weights of a feature that no row has stay as they are, −0 too.
  { layers: [783, 41, 10], batchSize: 2, rate: -0.05 },
  // Every op around the first layer's sparse products.
  { layers: [784, 33, 10], batchSize: 16, isMapped: true },
  { layers: [784, 32, 10], batchSize: 1, isMapped: true, preprocess: 'scale' },
  { layers: [784, 32, 10], batchSize: 9, isMapped: true, plan: { optimizer: 'adamw' } },
  { layers: [784, 32, 10], batchSize: 1, plan: { optimizer: 'momentum', l2: 1e-3 } },
  { layers: [784, 17, 10], batchSize: 32, preprocess: 'scale', plan: { optimizer: 'nesterov' } },
  { layers: [64, 31, 3], batchSize: 12, plan: { optimizer: 'adam', l2: 0.01, dropout: 0.3 } },
  { layers: [64, 16, 16, 3], batchSize: 1, plan: { dropout: 0.5, weighsClasses: true } },
  { layers: [784, 33, 10], batchSize: 32, plan: { shards: 3 } },
  { layers: [784, 16, 10], batchSize: 27, preprocess: 'scale', plan: { shards: 4, l2: 0.01 } },
  { layers: [61, 9, 10], batchSize: 5, preprocess: 'none', plan: { shards: 5, dropout: 0.1 } },
  { layers: [784, 32, 10], batchSize: 32, count: 35, plan: { shards: 8 } },
  { layers: [64, 32, 10], batchSize: 1, preprocess: 'scale', plan: { shards: 2 } },
  { layers: [64, 9, 10], batchSize: 3, plan: { shards: 7, optimizer: 'adam' } },
  { layers: [64, 9, 10], batchSize: 1, plan: { shards: 2 } },
  { layers: [784, 9, 10], batchSize: 16, zeros: 1, isMapped: true, plan: { shards: 2 } },
  { layers: [13, 17, 3], batchSize: 5, preprocess: 'none', zeros: 1, loss: 'squared-error' },
  { layers: [64, 17, 1], batchSize: 8, loss: 'squared-error', plan: { shards: 2 } },
];

/** Writes what each step of a pass reads. */
function fillPlan(memory: Memory, program: Program, plan: Partial<TrainingPlan>): void {
  if (program.slices.some(({ name }) => name === 'rates')) {
    memory.f32('rates').fill(0.05);
  } else {
    const rates = new Float64Array(memory.f32('scalars').length / 3).fill(0.05);
    memory.f32('scalars').set(adamScalars(rates, 2, 0.1));
  }
  if ((plan.dropout ?? 0) > 0) memory.u32('dropoutPlace').set([0x89abcdef, 5, 0xfffffffe]);
  if (plan.weighsClasses) {
    memory.f32('classWeights').forEach((_, i, weights) => {
      weights[i] = 0.3 + i;
    });
  }
}

const SAMPLES = 40;
const STEPS = 8;

describe.skipIf(isMissing)('training gives the bits of the TypeScript backend', () => {
  test.each(CASES)(
    '$layers, batch $batchSize, $preprocess, zeros $zeros, $isMapped, $loss, $plan',
    (one) => {
      const { layers, batchSize, preprocess = 'binarize', isShifted, isMapped, isMixed } = one;
      const zeros = (sample: number): number =>
        isMixed && sample < SAMPLES / 2 ? 1 : (one.zeros ?? 12.9);
      const farthest = one.farthest ?? 1;
      const network = { activation: 'relu', outputActivation: 'none', ...one } as const;
      const capacity = one.count ?? Math.min(SAMPLES, batchSize * STEPS - (batchSize > 2 ? 1 : 0));
      const features = layers[0]!;
      const side = Math.sqrt(features);
      const program = compileTraining(
        network,
        {
          sampleCount: SAMPLES,
          capacity,
          preprocess,
          shift: isShifted ? { height: side, width: side } : null,
          affine: isMapped ? { height: side, width: side } : null,
        },
        { batchSize, optimizer: 'sgd', l2: 0, ...one.plan },
      );
      const fill = (memory: Memory) => {
        const numbers = new Numbers(1);
        writeParameters(memory, network, initialParameters(network, 'xavier', 1));
        if (preprocess === 'none') {
          memory.f32('samples').set(numbers.floats(SAMPLES * features, 'plain', zeros(0)));
        } else {
          const bytes = memory.u8('samples');
          for (let i = 0; i < bytes.length; i += 1) {
            bytes[i] = numbers.byte(zeros(Math.floor(i / features)));
          }
        }
        if (one.farthest !== undefined) {
          const bytes = memory.u8('samples');
          for (let at = 0; at < SAMPLES; at += 4) bytes.fill(0, at * features, (at + 1) * features);
        }
        const order = memory.u32('order');
        fillBelow(order, SAMPLES, numbers);
        if (isMixed) {
          order.forEach((sample, at) => {
            const isDense = Math.floor(at / batchSize) % 3 === 2;
            order[at] = (sample % (SAMPLES / 2)) + (isDense ? 0 : SAMPLES / 2);
          });
        }
        const outputs = layers.at(-1)!;
        if (one.loss === undefined) fillBelow(memory.u32('labels'), outputs, numbers);
        else memory.f32('values').set(numbers.floats(SAMPLES * outputs, 'plain', 0));
        if (isShifted) {
          const shifts = memory.i32('shifts');
          for (let i = 0; i < shifts.length; i += 1) {
            shifts[i] = numbers.below(2 * farthest + 1) - farthest;
          }
        }
        if (isMapped) {
          const map = [0x10000, 0, 0, 0, 0x10000, 0];
          const drawn = (_: number, i: number): number =>
            map[i % 6]! + numbers.below(30000) - 15000;
          memory.i32('maps').set(Int32Array.from({ length: 6 * capacity }, drawn));
        }
        fillPlan(memory, program, one.plan ?? {});
        if (one.rate !== undefined) {
          memory.f32('rates').fill(one.rate);
          const weight = memory.f32('layers.0.weight');
          for (let i = 0; i < weight.length; i += 3) weight[i] = -0;
        }
      };
      // What only one op reads that is known need not be stored.
      const isLeftOpen = (name: string): boolean => /^input$|\.dWeight$/.test(name);
      const change = (memory: Memory) => {
        for (const { name } of program.slices) {
          if (name.endsWith('.weight')) memory.f32(name)[0]! += 0.25;
        }
      };
      expectParity(`training [${layers}]`, program, capacity, fill, isLeftOpen, change);
    },
  );

  // The product of 400 features reads the samples of the gradient, the other one its own.
  test.each([400, 300])('of weights that are updated before they are used, %i features', (used) => {
    const [sampleCount, rows, features, width] = [48, 8, 400, 128];
    const slices: SliceDeclaration[] = [
      ['samples', 'u8', sampleCount, features],
      ['otherSamples', 'u8', sampleCount, used],
      ['order', 'u32', sampleCount],
      ['input', 'f32', rows, features],
      ['otherInput', 'f32', rows, used],
      ['weight', 'f32', features, width],
      ['dWeight', 'f32', features, width],
      ['dOutput', 'f32', rows, width],
      ['output', 'f32', rows, width],
      ['rates', 'f32', sampleCount],
    ];
    const gather = {
      op: 'gather',
      order: 'order',
      shifts: null,
      sampleCount,
      height: 0,
      width: 0,
      preprocess: 'scale',
    } as const;
    const product = { op: 'gemm', n: width, transposeB: false } as const;
    const gradient = { ...product, m: features, k: 'rows', transposeA: true } as const;
    const forward = { ...product, m: 'rows', k: used, transposeA: false } as const;
    const input = used === features ? 'input' : 'otherInput';
    const ops: Op[] = [
      { ...gather, samples: 'samples', input: 'input', features },
      { ...gradient, a: 'input', b: 'dOutput', c: 'dWeight' },
      {
        op: 'sgd',
        parameter: 'weight',
        gradient: 'dWeight',
        rates: 'rates',
        length: features * width,
        l2: 0,
      },
      ...(used === features
        ? []
        : [{ ...gather, samples: 'otherSamples', input: 'otherInput', features: used } as const]),
      { ...forward, a: input, b: 'weight', c: 'output' },
    ];
    const fill = (memory: Memory) => {
      const numbers = new Numbers(3);
      memory.f32('weight').set(numbers.floats(features * width, 'plain', 0));
      memory.f32('dOutput').set(numbers.floats(rows * width, 'plain', 0));
      memory.f32('rates').fill(0.05);
      memory.u8('otherSamples').forEach((_, i, bytes) => {
        bytes[i] = numbers.byte(13);
      });
      // All samples of every third batch have few zeros.
      memory.u8('samples').forEach((_, i, bytes) => {
        const isDense = Math.floor(i / (features * rows)) % 3 === 2;
        bytes[i] = numbers.byte(isDense ? 1 : 13);
      });
      memory.u32('order').forEach((_, at, order) => {
        order[at] = at;
      });
    };
    const isLeftOpen = (name: string): boolean => /nput$|^dWeight$/.test(name);
    expectParity('early update', programOf(rows, slices, ops), sampleCount, fill, isLeftOpen);
  });

  test('a first layer of no features writes its sums all the same', () => {
    const [sampleCount, rows, width] = [20, 9, 70];
    const slices: SliceDeclaration[] = [
      ['samples', 'u8', sampleCount, 0],
      // Something lies between what is empty, or it would be taken for the same slice.
      ['input', 'f32', rows, 0],
      ['order', 'u32', sampleCount],
      ['weight', 'f32', 0, width],
      ['output', 'f32', rows, width],
    ];
    const ops: Op[] = [
      {
        op: 'gather',
        samples: 'samples',
        order: 'order',
        shifts: null,
        input: 'input',
        sampleCount,
        features: 0,
        height: 0,
        width: 0,
        preprocess: 'scale',
      },
      {
        op: 'gemm',
        a: 'input',
        b: 'weight',
        c: 'output',
        m: 'rows',
        n: width,
        k: 0,
        transposeA: false,
        transposeB: false,
      },
    ];
    const fill = (memory: Memory) => memory.f32('output').fill(7);
    expectParity('no features', programOf(rows, slices, ops), sampleCount, fill);
  });
});
