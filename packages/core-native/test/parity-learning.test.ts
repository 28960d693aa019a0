import { COUNT, type Op, type SliceDeclaration } from '@bitgrad/core';
import { RUN_STATUS, runError } from '@bitgrad/core/backend';
import { describe, expect, test } from 'vitest';
import {
  expectParity,
  fillBelow,
  fillF32,
  isMissing,
  Numbers,
  nativeBackends,
  openFilled,
  programOf,
  typescript,
} from './support.js';

const WIDTHS = [0, 1, 7, 15, 16, 17, 65];
/** Parameters whose moments no gradient has fed for long. */
const SHRUNK = 333;
const { fround } = Math;

/** Moments of both signs that have shrunk for so long that nothing but the last bits is left, and others. */
function shrink(moments: Float32Array, numbers: Numbers): void {
  for (const at of moments.keys()) {
    const isLast = numbers.below(3) === 0;
    const magnitude = isLast ? numbers.below(9) * 2 ** -149 : 2 ** (-95 - numbers.below(50));
    // The second hundred are far from it, but for one.
    if (at < 100 || at > 228 || at === 150) moments[at] = at % 2 === 0 ? magnitude : -magnitude;
  }
}

describe.skipIf(isMissing)('each op of learning gives the bits of the TypeScript backend', () => {
  describe.each([...WIDTHS, SHRUNK])('width %i', (width) => {
    test.each([
      [0, false],
      [fround(1e-2), false],
      [0, true],
      [fround(1e-2), true],
    ])('momentum, l2 %f, nesterov %s', (l2, nesterov) => {
      const names = ['parameter', 'gradient', 'velocity'];
      const slices: SliceDeclaration[] = [
        ...names.map((name): SliceDeclaration => [name, 'f32', width]),
        ['rates', 'f32', 3],
      ];
      const op: Op = {
        op: 'momentum',
        parameter: 'parameter',
        gradient: 'gradient',
        velocity: 'velocity',
        rates: 'rates',
        length: width,
        l2,
        momentum: fround(0.9),
        nesterov,
      };
      for (const seed of [1, 2, 3]) {
        expectParity('momentum', programOf(1, slices, [op]), 3, (memory) => {
          const numbers = new Numbers(seed);
          fillF32(memory, names, numbers, width === SHRUNK ? 12 : 2);
          if (width === SHRUNK) shrink(memory.f32('velocity'), numbers);
          memory.f32('rates').set([0.1, 0.07, 1e-8]);
        });
      }
    });

    test.each([
      [0, false],
      [fround(1e-2), false],
      [0, true],
      [fround(1e-2), true],
    ])('adam, l2 %f, decayed %s', (l2, decayed) => {
      const names = ['parameter', 'gradient', 'firstMoment', 'secondMoment'];
      const slices: SliceDeclaration[] = [
        ...names.map((name): SliceDeclaration => [name, 'f32', width]),
        ['scalars', 'f32', 3, 3],
      ];
      const op: Op = {
        op: 'adam',
        parameter: 'parameter',
        gradient: 'gradient',
        firstMoment: 'firstMoment',
        secondMoment: 'secondMoment',
        scalars: 'scalars',
        length: width,
        l2,
        beta1: fround(0.9),
        beta2: fround(0.999),
        complement1: fround(0.1),
        complement2: fround(0.001),
        epsilon: fround(1e-8),
        decayed,
      };
      for (const seed of [1, 2, 3]) {
        expectParity('adam', programOf(1, slices, [op]), 3, (memory) => {
          const numbers = new Numbers(seed);
          fillF32(memory, names, numbers, width === SHRUNK ? 12 : 2);
          if (width === SHRUNK) shrink(memory.f32('firstMoment'), numbers);
          const second = memory.f32('secondMoment');
          second.set(second.map(Math.abs));
          memory.f32('scalars').set([0.01, 0.03, 0.999, 0.005, 0.04, 0.99, 0.3, 1, 0.5]);
        });
      }
    });

    test.each([
      ['output', 0],
      ['output', 0x80000000],
      ['output', 0xffffffff],
      ['input', 1288490188],
    ])('dropout to %s, threshold %i', (output, threshold) => {
      const slices: SliceDeclaration[] = [
        ['input', 'f32', 5, width],
        ['output', 'f32', 5, width],
        ['place', 'u32', 3],
      ];
      const op: Op = {
        op: 'dropout',
        input: 'input',
        output,
        place: 'place',
        width,
        layer: 3,
        threshold,
        scale: fround(1 / 0.7),
      };
      expectParity('dropout', programOf(5, slices, [op]), 13, (memory) => {
        fillF32(memory, ['input', 'output'], new Numbers(width));
        memory.u32('place').set([0xdeadbeef, 0x1fffff, 0xffffffff]);
      });
    });

    test('classWeights', () => {
      if (width === 0) return;
      const slices: SliceDeclaration[] = [
        ['dLogits', 'f32', 6, width],
        ['targets', 'u32', 6],
        ['weights', 'f32', width],
      ];
      const op: Op = {
        op: 'classWeights',
        dLogits: 'dLogits',
        targets: 'targets',
        weights: 'weights',
        classes: width,
      };
      expectParity('classWeights', programOf(6, slices, [op]), 9, (memory) => {
        const numbers = new Numbers(width);
        fillF32(memory, ['dLogits', 'weights'], numbers);
        fillBelow(memory.u32('targets'), width, numbers);
      });
    });

    test.each(['squaredError', 'binaryCrossEntropy'] as const)('%s and emit', (name) => {
      if (width === 0) return;
      const slices: SliceDeclaration[] = [
        ['logits', 'f32', 6, width],
        ['targets', 'f32', 6, width],
        ['losses', 'f32', 9],
        ['dLogits', 'f32', 6, width],
        ['outputs', 'f32', 9, width],
      ];
      const ops: Op[] = [
        {
          op: name,
          logits: 'logits',
          targets: 'targets',
          losses: 'losses',
          dLogits: 'dLogits',
          outputs: width,
        },
        { op: 'emit', logits: 'logits', outputs: 'outputs', width },
      ];
      for (const seed of [1, 2, 3]) {
        expectParity(name, programOf(6, slices, ops), 9, (memory) =>
          fillF32(memory, ['logits', 'targets'], new Numbers(seed)),
        );
      }
    });

    test.each([1, 2, 3, 8, 40])('sums in %i shards', (shards) => {
      for (const rows of [1, 7, 16, 33]) {
        const m = 17;
        const slices: SliceDeclaration[] = [
          ['a', 'f32', rows, m],
          ['b', 'f32', rows, width],
          ['c', 'f32', m, width],
          ['dBias', 'f32', width],
          ['partial', 'f32', m, width],
        ];
        // The bias first: the product leaves its last shard in `partial`, which must be the same.
        const ops: Op[] = [
          {
            op: 'shardedBiasGrad',
            dOutput: 'b',
            dBias: 'dBias',
            partial: 'partial',
            width,
            shards,
          },
          { op: 'shardedGemm', a: 'a', b: 'b', c: 'c', partial: 'partial', m, n: width, shards },
        ];
        const count = rows + Math.ceil(rows / 2);
        expectParity(`${shards} shards`, programOf(rows, slices, ops), count, (memory) =>
          fillF32(memory, ['a', 'b', 'c', 'dBias'], new Numbers(rows)),
        );
      }
    });
  });
});

describe.skipIf(isMissing)('what a step must not use ends the run', () => {
  const backends = [typescript, ...nativeBackends];

  test.each(backends)('$isa: a target beyond the classes', (backend) => {
    const op: Op = {
      op: 'classWeights',
      dLogits: 'dLogits',
      targets: 'targets',
      weights: 'weights',
      classes: 3,
    };
    const program = programOf(
      2,
      [
        ['dLogits', 'f32', 2, 3],
        ['targets', 'u32', 2],
        ['weights', 'f32', 3],
      ],
      [op],
    );
    const session = openFilled(backend, program, 2, (memory) => memory.u32('targets').set([1, 3]));
    expect(() => session.run('train', 1)).toThrow(runError(RUN_STATUS.badTarget, 0).message);
    session.close();
  });

  test.each(backends)('$isa: a sample that is not there', (backend) => {
    const op: Op = {
      op: 'gatherAffine',
      samples: 'samples',
      order: 'order',
      maps: 'maps',
      input: 'input',
      sampleCount: 2,
      features: 4,
      height: 2,
      width: 2,
      preprocess: 'scale',
    };
    const program = programOf(
      2,
      [
        ['samples', 'u8', 2, 4],
        ['order', 'u32', 2],
        ['maps', 'i32', 2, 6],
        ['input', 'f32', 2, 4],
      ],
      [op],
    );
    const session = openFilled(backend, program, 2, (memory) => memory.u32('order').set([1, 2]));
    expect(() => session.run('train', 1)).toThrow(runError(RUN_STATUS.badIndex, 0).message);
    session.close();
  });

  test.each(backends)('$isa: a squared error that is not finite', (backend) => {
    const op: Op = {
      op: 'squaredError',
      logits: 'logits',
      targets: 'targets',
      losses: 'losses',
      dLogits: 'dLogits',
      outputs: 2,
    };
    const program = programOf(
      1,
      [
        ['logits', 'f32', 1, 2],
        ['targets', 'f32', 1, 2],
        ['losses', 'f32', 2],
        ['dLogits', 'f32', 1, 2],
      ],
      [op],
    );
    const session = openFilled(backend, program, 1, (memory) => memory.f32('logits').set([1, 1]));
    session.run('train', 1);
    session.memory.f32('logits')[1] = 1e30;
    session.memory.u32('control')[COUNT] = 2;
    expect(() => session.run('train', 1)).toThrow(runError(RUN_STATUS.nonFiniteLoss, 1).message);
    session.close();
  });
});
