import type { ActivationName, Op, Preprocess, SliceDeclaration } from '@bitgrad/core';
import { describe, test } from 'vitest';
import { missing } from '../../../scripts/require.mjs';
import {
  expectParity,
  fillBelow,
  fillF32,
  isMissing,
  KIND_NAMES,
  Numbers,
  programOf,
  SIZES,
} from './support.js';

describe.skipIf(isMissing)('each op gives the bits of the TypeScript backend', () => {
  describe.each(SIZES)('width %i', (width) => {
    test.each([
      ['biasAdd', ['output', 'bias']],
      ['biasGrad', ['dOutput', 'dBias']],
    ] as const)('%s', (name, [matrix, vector]) => {
      for (const rows of SIZES.slice(1)) {
        const op = { op: name, [matrix]: matrix, [vector]: vector, width } as unknown as Op;
        const program = programOf(
          rows,
          [
            [matrix, 'f32', rows, width],
            [vector, 'f32', width],
          ],
          [op],
        );
        expectParity(`${name} [${rows},${width}]`, program, rows, (memory) =>
          fillF32(memory, [matrix, vector], new Numbers(rows)),
        );
      }
    });

    const activations: ActivationName[] = ['relu', 'sigmoid', 'tanh', 'leaky-relu', 'elu'];
    test.each(activations)('activation and its gradient: %s', (activation) => {
      for (const kind of KIND_NAMES) {
        const slices: SliceDeclaration[] = [
          ['output', 'f32', 5, width],
          ['dOutput', 'f32', 5, width],
        ];
        const ops: Op[] = [
          { op: 'activation', output: 'output', width, activation },
          { op: 'activationGrad', output: 'output', dOutput: 'dOutput', width, activation },
        ];
        expectParity(`${activation} ${kind}`, programOf(5, slices, ops), 5, (memory) => {
          const numbers = new Numbers(width);
          memory.f32('output').set(numbers.floats(5 * width, kind, 2));
          memory.f32('dOutput').set(numbers.floats(5 * width, kind, 2));
        });
      }
    });

    test('softmaxCrossEntropy, softmax and argmax', () => {
      // A loss of no classes is no valid program.
      for (const rows of width === 0 ? [] : [1, 3, 32, 70]) {
        // More samples than a step has rows: results lie at the position; the last step is partial.
        const count = rows + Math.ceil(rows / 2);
        const slices: SliceDeclaration[] = [
          ['logits', 'f32', rows, width],
          ['targets', 'u32', rows],
          ['losses', 'f32', count],
          ['dLogits', 'f32', rows, width],
          ['probabilities', 'f32', count, width],
          ['predicted', 'u32', count],
        ];
        const ops: Op[] = [
          { op: 'argmax', logits: 'logits', predicted: 'predicted', classes: width },
          { op: 'softmax', logits: 'logits', probabilities: 'probabilities', classes: width },
          {
            op: 'softmaxCrossEntropy',
            logits: 'logits',
            targets: 'targets',
            losses: 'losses',
            dLogits: 'dLogits',
            classes: width,
          },
        ];
        for (const scale of [1e-3, 1, 30, 1e4]) {
          const what = `softmax [${rows},${width}] × ${scale}`;
          expectParity(what, programOf(rows, slices, ops), count, (memory) => {
            const numbers = new Numbers(width);
            const logits = numbers.floats(rows * width, 'plain', 2).map((value) => value * scale);
            memory.f32('logits').set(logits);
            fillBelow(memory.u32('targets'), width, numbers);
          });
        }
      }
    });

    test('sgd', () => {
      for (const l2 of [0, Math.fround(1e-4)]) {
        const slices: SliceDeclaration[] = [
          ['parameter', 'f32', width],
          ['gradient', 'f32', width],
          ['rates', 'f32', 3],
        ];
        const op: Op = {
          op: 'sgd',
          parameter: 'parameter',
          gradient: 'gradient',
          rates: 'rates',
          length: width,
          l2,
        };
        expectParity(`sgd, l2 ${l2}`, programOf(1, slices, [op]), 3, (memory) => {
          fillF32(memory, ['parameter', 'gradient'], new Numbers(width));
          memory.f32('rates').set([0.1, 0.07, 1e-8]);
        });
      }
    });

    const preprocessings: Preprocess[] = ['none', 'binarize', 'scale'];
    test.each(preprocessings)('gather: %s', (preprocess) => {
      const sampleCount = 11;
      const slices: SliceDeclaration[] = [
        ['samples', preprocess === 'none' ? 'f32' : 'u8', sampleCount, width],
        ['labels', 'u32', sampleCount],
        ['order', 'u32', 9],
        ['input', 'f32', 4, width],
        ['targets', 'u32', 4],
      ];
      const ops: Op[] = [
        {
          op: 'gather',
          samples: 'samples',
          order: 'order',
          shifts: null,
          input: 'input',
          sampleCount,
          features: width,
          height: 0,
          width: 0,
          preprocess,
        },
        {
          op: 'gatherTargets',
          labels: 'labels',
          order: 'order',
          targets: 'targets',
          sampleCount,
        },
      ];
      expectParity(`gather ${preprocess}`, programOf(4, slices, ops), 9, (memory) => {
        const numbers = new Numbers(width);
        if (preprocess === 'none') fillF32(memory, ['samples'], numbers);
        else fillBelow(memory.u8('samples'), 256, numbers);
        fillBelow(memory.u32('labels'), 10, numbers);
        fillBelow(memory.u32('order'), sampleCount, numbers);
      });
    });
  });

  test.each([
    [0, 0],
    [1, 1],
    [3, 5],
    [28, 28],
  ])('gather with shifts of images %i×%i', (height, width) => {
    const shifts = [0, 1, -1, 2, -3, 27, 28, -28, 40, 2147483647, -2147483648];
    const pairs = shifts.flatMap((dx) => shifts.map((dy) => [dx, dy]));
    const features = height * width;
    const slices: SliceDeclaration[] = [
      ['samples', 'u8', 3, features],
      ['order', 'u32', pairs.length],
      ['shifts', 'i32', pairs.length, 2],
      ['input', 'f32', 8, features],
    ];
    const op: Op = {
      op: 'gather',
      samples: 'samples',
      order: 'order',
      shifts: 'shifts',
      input: 'input',
      sampleCount: 3,
      features,
      height,
      width,
      preprocess: 'scale',
    };
    expectParity('shifted gather', programOf(8, slices, [op]), pairs.length, (memory) => {
      const numbers = new Numbers(features);
      fillBelow(memory.u8('samples'), 256, numbers);
      fillBelow(memory.u32('order'), 3, numbers);
      memory.i32('shifts').set(pairs.flat());
    });
  });

  const one = 0x10000;
  const maps = [
    [one, 0, 0, 0, one, 0],
    [one, 0, 3 * one, 0, one, -2 * one],
    [61234, 9876, 5432, -11111, 70001, -123456],
    [-one, 0, 27 * one, 0, -one, 27 * one],
    [255, -255, -1, 256, 257, one - 1],
    [0, 0, -1, 0, 0, -one],
    [2 * one, 0, one / 2, 0, one / 3, 5],
    [0x0fffffff, -0x0fffffff, 0x0fffffff, -0x0fffffff, 0x0fffffff, -0x0fffffff],
  ].map((map) => map.map(Math.trunc));

  describe.each([
    [0, 0],
    [1, 1],
    [3, 5],
    [1, 65],
    [16, 7],
    [28, 28],
  ])('gatherAffine of images %i×%i', (height, width) => {
    test.each(['binarize', 'scale'] as const)('%s', (preprocess) => {
      const features = height * width;
      const slices: SliceDeclaration[] = [
        ['samples', 'u8', 3, features],
        ['order', 'u32', 3 * maps.length],
        ['maps', 'i32', 3 * maps.length, 6],
        ['input', 'f32', 7, features],
      ];
      const op: Op = {
        op: 'gatherAffine',
        samples: 'samples',
        order: 'order',
        maps: 'maps',
        input: 'input',
        sampleCount: 3,
        features,
        height,
        width,
        preprocess,
      };
      expectParity('gatherAffine', programOf(7, slices, [op]), 3 * maps.length, (memory) => {
        const numbers = new Numbers(features);
        fillBelow(memory.u8('samples'), 256, numbers);
        fillBelow(memory.u32('order'), 3, numbers);
        const random = Array.from({ length: maps.length }, () =>
          Array.from(
            { length: 6 },
            (_, i) => numbers.below(one << 1) * (i % 3 === 2 ? 8 : 1) - one,
          ),
        );
        memory.i32('maps').set([...maps, ...random, ...maps].flat());
      });
    });
  });

  describe.each([
    [false, false],
    [false, true],
    [true, false],
    [true, true],
  ])('gemm, transposeA %s, transposeB %s', (transposeA, transposeB) => {
    const size = (numbers: Numbers) => numbers.pick(SIZES);
    // Past the ends of the blocks that a product is cut into.
    const large = [
      [130, 40, 300],
      [5, 530, 513],
      [125, 520, 7],
      [1, 1030, 260],
      [260, 3, 260],
    ] as const;
    test.each(Array.from({ length: missing('long') ? 20 : 60 }, (_, seed) => seed))(
      'random sizes, seed %i',
      (seed) => {
        const numbers = new Numbers(seed);
        const [m, n, k] = large[seed] ?? [size(numbers), size(numbers), size(numbers)];
        const op: Op = { op: 'gemm', a: 'a', b: 'b', c: 'c', m, n, k, transposeA, transposeB };
        const slices: SliceDeclaration[] = [
          ['a', 'f32', m, k],
          ['b', 'f32', k, n],
          ['c', 'f32', m, n],
        ];
        const zeros = numbers.pick([0, 3, 13, 16]);
        expectParity(`gemm ${m}×${n}×${k}`, programOf(1, slices, [op]), 1, (memory) =>
          fillF32(memory, ['a', 'b', 'c'], new Numbers(seed), zeros),
        );
      },
    );
  });
});
