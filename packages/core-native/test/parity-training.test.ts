import {
  type ActivationName,
  compileTraining,
  initialParameters,
  type Memory,
  type Network,
  type Preprocess,
  writeParameters,
} from '@bitgrad/core';
import { describe, test } from 'vitest';
import { expectParity, isMissing, Numbers } from './support.js';

interface Case {
  layers: readonly number[];
  activation?: ActivationName;
  outputActivation?: Network['outputActivation'];
  preprocess?: Preprocess;
  batchSize: number;
  /** How many of 16 input values are 0. */
  zeros?: number;
  l2?: number;
  isShifted?: boolean;
}

const CASES: readonly Case[] = [
  { layers: [784, 32, 10], batchSize: 1 },
  { layers: [784, 32, 10], batchSize: 32, isShifted: true, l2: 1e-4 },
  { layers: [784, 128, 10], batchSize: 32, preprocess: 'scale' },
  { layers: [784, 128, 10], batchSize: 7, preprocess: 'scale', isShifted: true, activation: 'elu' },
  { layers: [784, 512, 512, 10], batchSize: 13, preprocess: 'scale' },
  { layers: [784, 10], batchSize: 1, outputActivation: 'relu' },
  { layers: [784, 9], batchSize: 19, preprocess: 'scale', l2: 0.01 },
  // Samples with few zeros take the dense products.
  { layers: [784, 33, 10], batchSize: 16, preprocess: 'scale', zeros: 1 },
  { layers: [784, 32, 10], batchSize: 1, preprocess: 'scale', zeros: 0 },
  { layers: [13, 17, 3], batchSize: 5, preprocess: 'none', zeros: 1, activation: 'tanh' },
  { layers: [13, 17, 3], batchSize: 1, preprocess: 'none', zeros: 12, activation: 'sigmoid' },
  { layers: [1, 1, 2], batchSize: 3, preprocess: 'none', zeros: 8, activation: 'leaky-relu' },
  { layers: [64, 65, 31, 16], batchSize: 33, activation: 'leaky-relu' },
];

const SAMPLES = 40;
const STEPS = 8;

describe.skipIf(isMissing)('training gives the bits of the TypeScript backend', () => {
  test.each(CASES)('$layers, batch $batchSize, $preprocess, zeros $zeros, l2 $l2', (one) => {
    const { layers, batchSize, preprocess = 'binarize', zeros = 12.9, isShifted = false } = one;
    const network = { activation: 'relu', outputActivation: 'none', ...one } as const;
    const capacity = Math.min(SAMPLES, batchSize * STEPS - (batchSize > 2 ? 1 : 0));
    const features = layers[0]!;
    const side = Math.sqrt(features);
    const program = compileTraining(
      network,
      {
        sampleCount: SAMPLES,
        capacity,
        preprocess,
        shift: isShifted ? { height: side, width: side } : null,
      },
      { batchSize, optimizer: 'sgd', l2: one.l2 ?? 0 },
    );
    const fill = (memory: Memory) => {
      const numbers = new Numbers(1);
      writeParameters(memory, network, initialParameters(network, 'xavier', 1));
      if (preprocess === 'none') {
        memory.f32('samples').set(numbers.floats(SAMPLES * features, 'plain', zeros));
      } else {
        const bytes = memory.u8('samples');
        for (let i = 0; i < bytes.length; i += 1) {
          bytes[i] = numbers.below(16) < zeros ? 0 : 1 + numbers.below(255);
        }
      }
      for (const name of ['labels', 'order'] as const) {
        const limit = name === 'labels' ? layers.at(-1)! : SAMPLES;
        const slice = memory.u32(name);
        for (let i = 0; i < slice.length; i += 1) slice[i] = numbers.below(limit);
      }
      if (isShifted) {
        const shifts = memory.i32('shifts');
        for (let i = 0; i < shifts.length; i += 1) shifts[i] = numbers.below(3) - 1;
      }
      memory.f32('rates').fill(0.05);
    };
    expectParity(`training [${layers}]`, program, capacity, fill);
  });
});
