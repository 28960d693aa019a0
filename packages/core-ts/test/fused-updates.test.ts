import { describe, expect, it } from 'vitest';
import { bindFirstLayer } from '../src/backend-ts/first-layer.js';
import { fusibleUpdates } from '../src/backend-ts/fuse.js';
import { sparseRow } from '../src/backend-ts/gemm.js';
import { TypeScriptRunner } from '../src/backend-ts/runner.js';
import { sgdFromProduct } from '../src/backend-ts/sgd.js';
import { compileTraining } from '../src/network/compile.js';
import type { Gather, Gemm, Op, Preprocess, Sgd } from '../src/program/ops.js';
import { Stream } from '../src/random/stream.js';
import { smallRecipe } from './synthetic.js';

const { fround } = Math;

describe('an update without its gradient', () => {
  /** The contract's words: `weight −= rate · inputᵀ · dOutput`, sums from +0 in the order of the rows. */
  function updated(
    weight: Float32Array,
    input: Float32Array,
    dOutput: Float32Array,
    rows: number,
    rate: number,
  ): Float32Array {
    const inWidth = input.length / rows;
    const outWidth = dOutput.length / rows;
    return weight.map((value, at) => {
      const [i, j] = [Math.floor(at / outWidth), at % outWidth];
      let sum = 0;
      for (let row = 0; row < rows; row += 1) {
        const product = fround(input[row * inWidth + i]! * dOutput[row * outWidth + j]!);
        sum = fround(sum + product);
      }
      return fround(value - fround(rate * sum));
    });
  }

  it.each([
    [1, 'ones'],
    [1, 'any'],
    [3, 'ones'],
    [3, 'any'],
  ])('is that with it: %i rows of %s', (rows, kind) => {
    const stream = new Stream(3, 'split', rows);
    const number = (): number => fround((stream.below(2000) - 1000) / 300);
    const inputOf = (): number => {
      if (stream.below(3) === 0) return stream.below(2) === 0 ? 0 : -0;
      return kind === 'ones' ? 1 : number();
    };
    for (const inWidth of [1, 2, 9]) {
      for (const outWidth of [1, 7, 8, 9, 16, 19]) {
        const weight = Float32Array.from({ length: inWidth * outWidth }, number);
        // An input that is 0 in all rows, too.
        const input = Float32Array.from({ length: rows * inWidth }, (_, at) =>
          at % inWidth === 1 ? 0 : inputOf(),
        );
        const dOutput = Float32Array.from({ length: rows * outWidth }, (_, at) =>
          at % 5 === 3 ? -0 : number(),
        );
        const expected = updated(weight, input, dOutput, rows, fround(0.3));
        const scratch = {
          line: sparseRow(Math.max(rows, inWidth)),
          gradient: new Float32Array(outWidth),
        };
        sgdFromProduct(weight, input, dOutput, rows, inWidth, outWidth, fround(0.3), scratch);
        expect(weight).toEqual(expected);
      }
    }
  });
});

const gather: Gather = {
  op: 'gather',
  samples: 'samples',
  order: 'order',
  shifts: null,
  input: 'x',
  sampleCount: 9,
  features: 6,
  height: 0,
  width: 0,
  preprocess: 'binarize',
};
const product: Gemm = {
  op: 'gemm',
  a: 'x',
  b: 'd',
  c: 'dw',
  m: 6,
  n: 4,
  k: 'rows',
  transposeA: true,
  transposeB: false,
};
const update: Sgd = {
  op: 'sgd',
  parameter: 'w',
  gradient: 'dw',
  rates: 'rates',
  length: 24,
  l2: 0,
};
const emit = (logits: string): Op => ({ op: 'emit', logits, outputs: 'out', width: 4 });

describe('updates that are done with their products', () => {
  it.each<[string, number, Op[], boolean]>([
    ['of one row', 1, [product, update], true],
    ['of one row of gathered samples', 1, [gather, product, update], true],
    ['of more rows of gathered samples', 2, [gather, product, update], true],
    ['where the weights are read before', 1, [emit('w'), product, update], true],
    ['where the weights are read afterwards', 1, [product, update, emit('w')], true],
    ['of more rows of others', 2, [{ ...gather, input: 'y' }, product, update], false],
    ['of what is not gathered', 2, [product, update], false],
    ['of other products', 1, [{ ...product, transposeA: false }, update], false],
    ['of turned products', 1, [{ ...product, transposeB: true }, update], false],
    ['of so many rows', 1, [{ ...product, k: 1 }, update], false],
    ['of as many inputs as rows', 1, [{ ...product, m: 'rows' }, update], false],
    ['of as many outputs as rows', 1, [{ ...product, n: 'rows' }, update], false],
    ['that come first', 1, [update, product], false],
    ['with l2', 1, [product, { ...update, l2: 0.5 }], false],
    ['of a part of the weights', 1, [product, { ...update, length: 23 }], false],
    ['of other gradients', 1, [product, { ...update, gradient: 'other' }], false],
    ['where the gradient is read, too', 1, [product, update, emit('dw')], false],
    ['where the gradient was written, too', 1, [emit('dw'), product, update], false],
    ['where the weights are read between', 1, [product, emit('w'), update], false],
    ['of none', 1, [product], false],
  ])('%s', (_, batchSize, ops, isFused) => {
    const found = fusibleUpdates({ batchSize, ops });
    expect([...found]).toEqual(isFused ? [[product, update]] : []);
  });
});

describe('the first layer, where samples do not change', () => {
  /** How many ops of a small network's entry are bound to the lists of its samples. */
  function boundIn(
    entry: 'train' | 'evaluate',
    {
      preprocess = 'binarize' as Preprocess,
      batchSize = 1,
      isShifted = false,
      share = 3,
      optimizer = 'sgd' as 'sgd' | 'momentum',
      l2 = 0,
    },
  ): number {
    const recipe = smallRecipe({ layers: [20, 7, 3], preprocess });
    const shift = isShifted ? { height: 4, width: 5 } : null;
    const input = { sampleCount: 4, capacity: 4, preprocess, shift };
    const more = optimizer === 'momentum' ? { momentum: 0.9 } : {};
    const program = compileTraining(recipe, input, { batchSize, optimizer, l2, ...more });
    const memory = new TypeScriptRunner(program).memory;
    if (preprocess !== 'none') {
      memory.u8('samples').forEach((_, at, all) => {
        all[at] = Number(at % share === 0);
      });
    }
    const one = program.entries[entry]!;
    return bindFirstLayer(one, fusibleUpdates(one), memory).size;
  }

  it('is bound to what is not 0 in them', () => {
    expect(boundIn('train', {})).toBe(3);
    expect(boundIn('train', { preprocess: 'scale' })).toBe(3);
    // Half of all features, at the most.
    expect(boundIn('train', { share: 2 })).toBe(3);
    expect(boundIn('train', { share: 1 })).toBe(0);
  });

  it.each([
    [{ batchSize: 2 }],
    [{ isShifted: true }],
    [{ preprocess: 'none' as const }],
    [{ l2: 0.5 }],
    [{ optimizer: 'momentum' as const }],
  ])('is not with %j', (options) => {
    expect(boundIn('train', options)).toBe(0);
  });

  it.each<[string, Op[]]>([
    ['the samples come later', [{ ...product, a: 'x' }, update, gather]],
    ['they are read by others, too', [gather, product, update, emit('x')]],
    ['they are the other factor', [gather, { ...product, a: 'd', b: 'x' }, update]],
    ['of others', [gather, { ...product, a: 'y' }, update]],
    ['without samples', [product, update]],
    ['they are only a part of it', [{ ...gather, features: 7 }, product, update]],
  ])('nor where %s', (_, ops) => {
    const entry = { batchSize: 1, ops };
    const program = compileTraining(
      smallRecipe({ layers: [6, 4, 3], preprocess: 'binarize' }),
      { sampleCount: 9, capacity: 9, preprocess: 'binarize', shift: null },
      { batchSize: 1, optimizer: 'sgd', l2: 0 },
    );
    expect(
      bindFirstLayer(entry, fusibleUpdates(entry), new TypeScriptRunner(program).memory).size,
    ).toBe(0);
  });
});
