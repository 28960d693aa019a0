import { type Op, philox4x32 } from '@bitgrad/core';
import type { GroupCase } from '../case.js';
import { caseStream, type ValueKind } from '../values.js';
import {
  kindCases,
  type OpRun,
  PASSES,
  type Slices,
  WIDTHS,
  widthsAndPasses,
} from './op-shapes.js';

/** Values whose squares stay finite. */
const SQUARABLE: readonly ValueKind[] = ['ordinary', 'sparse', 'ones', 'tiny', 'negativeZeros'];
/** One shard, fewer than rows, more than rows. */
const SHARDS = [1, 2, 3, 40] as const;

/** Optimisers with memory, dropout, class weights, losses of each output, affine maps and shards. */
export function learningCases(): GroupCase[] {
  return [
    ...momentumCases(),
    ...adamCases(),
    ...dropoutCases(),
    ...wordCases(),
    ...classWeightCases(),
    ...outputLossCases('squaredError'),
    ...outputLossCases('binaryCrossEntropy'),
    ...affineCases(),
    ...shardCases(),
  ];
}

function momentumCases(): GroupCase[] {
  return [false, true].flatMap((nesterov) =>
    kindCases(`momentum, nesterov ${nesterov}`, function* (): Iterable<OpRun> {
      for (const length of [0, ...WIDTHS, 1000]) {
        for (const l2 of [0, Math.fround(1e-4)]) {
          const op = { op: 'momentum', length, l2, momentum: Math.fround(0.9), nesterov } as const;
          yield updateRun({ ...op, ...UPDATE, velocity: 'velocity', rates: 'rates' }, ['velocity']);
        }
      }
    }),
  );
}

const UPDATE = { parameter: 'parameter', gradient: 'gradient' } as const;

function adamCases(): GroupCase[] {
  const constants = {
    beta1: Math.fround(0.9),
    beta2: Math.fround(0.999),
    complement1: Math.fround(0.1),
    complement2: Math.fround(0.001),
    epsilon: Math.fround(1e-8),
  };
  const memory = { firstMoment: 'firstMoment', secondMoment: 'secondMoment', scalars: 'scalars' };
  return [false, true].flatMap((decayed) =>
    kindCases(
      `adam, decayed ${decayed}`,
      function* (): Iterable<OpRun> {
        for (const length of [0, ...WIDTHS, 1000]) {
          for (const l2 of decayed ? [0] : [0, Math.fround(1e-3)]) {
            const op = { op: 'adam', length, l2, decayed, ...constants } as const;
            yield updateRun({ ...op, ...UPDATE, ...memory }, ['firstMoment', 'secondMoment']);
          }
        }
      },
      SQUARABLE,
    ),
  );
}

/** Three steps of an update; second moments are made positive. */
function updateRun(op: Op & { readonly length: number }, memory: readonly string[]): OpRun {
  const isAdam = op.op === 'adam';
  return {
    op,
    batchSize: 7,
    count: 20,
    declarations: [
      ['parameter', 'f32', op.length + 2],
      ['gradient', 'f32', op.length],
      ...memory.map((name) => [name, 'f32', op.length] as const),
      isAdam ? ['scalars', 'f32', 3, 3] : ['rates', 'f32', 3],
    ],
    fix: ({ f32 }) => {
      if (!isAdam) return f32('rates').set([0.05, 1e-30, 1.5]);
      f32('scalars').set([0.01, 0.03, 0.999, 1e-30, 0.04, 1, 0.5, 1, 0.9]);
      const moment = f32('secondMoment');
      for (const [i, value] of moment.entries()) moment[i] = Math.abs(value);
    },
  };
}

function dropoutCases(): GroupCase[] {
  return [0, 0.25, 0.999].flatMap((rate) =>
    kindCases(`dropout of ${rate}`, function* (): Iterable<OpRun> {
      for (const { width, batchSize, count } of widthsAndPasses([0])) {
        for (const output of ['output', 'input']) {
          yield {
            op: {
              op: 'dropout',
              input: 'input',
              output,
              place: 'place',
              width,
              layer: width,
              threshold: Math.floor(rate * 0x100000000),
              scale: Math.fround(1 / (1 - rate)),
            },
            batchSize,
            count,
            declarations: [
              ['input', 'f32', batchSize, width],
              ['output', 'f32', batchSize, width],
              ['place', 'u32', 3],
            ],
            fix: ({ u32 }) => u32('place').set([0xdeadbeef, 0x1fffff, 0xfffffffe]),
          };
        }
      }
    }),
  );
}

/** The last threshold that keeps an element, and the first that drops it: no other shows all bits of its word. */
function wordCases(): GroupCase[] {
  const [width, batchSize, layer] = [11, 8, 2];
  const [place, purpose] = [[0xdeadbeef, 0x1fffff, 0xfffffffe], 6];
  const words = new Uint32Array(4);
  const wordOf = (element: number): number => {
    const counter = Uint32Array.of(Math.floor(element / 4), layer, place[2]!, purpose);
    philox4x32(counter, Uint32Array.from(place.slice(0, 2)), words);
    return words[element % 4]!;
  };
  return kindCases(
    'dropout at a word',
    function* (): Iterable<OpRun> {
      for (let element = 0; element < width * batchSize; element += 3) {
        for (const threshold of [wordOf(element), wordOf(element) + 1]) {
          const slices = { input: 'input', output: 'output', place: 'place' };
          yield {
            op: { op: 'dropout', ...slices, width, layer, threshold, scale: 2 },
            ...{ batchSize, count: batchSize },
            declarations: [
              ['input', 'f32', batchSize, width],
              ['output', 'f32', batchSize, width],
              ['place', 'u32', 3],
            ],
            fix: ({ u32 }) => u32('place').set(place),
          };
        }
      }
    },
    ['ordinary'],
  );
}

function classWeightCases(): GroupCase[] {
  return kindCases('classWeights', function* (): Iterable<OpRun> {
    for (const { width: classes, batchSize, count } of widthsAndPasses()) {
      yield {
        op: {
          op: 'classWeights',
          dLogits: 'dLogits',
          targets: 'targets',
          weights: 'weights',
          classes,
        },
        batchSize,
        count,
        declarations: [
          ['dLogits', 'f32', batchSize, classes],
          ['targets', 'u32', batchSize],
          ['weights', 'f32', classes],
        ],
        fix: ({ u32, f32 }) => {
          fillBelow(u32('targets'), classes);
          f32('weights').fill(Math.fround(0.7));
        },
      };
    }
  });
}

function outputLossCases(name: 'squaredError' | 'binaryCrossEntropy'): GroupCase[] {
  return kindCases(
    `${name}, then emit`,
    function* (): Iterable<OpRun> {
      for (const { width, batchSize, count } of widthsAndPasses()) {
        yield {
          op: {
            op: name,
            logits: 'logits',
            targets: 'targets',
            losses: 'losses',
            dLogits: 'dLogits',
            outputs: width,
          },
          batchSize,
          count,
          declarations: [
            ['logits', 'f32', batchSize, width],
            ['targets', 'f32', batchSize, width],
            ['losses', 'f32', count],
            ['dLogits', 'f32', batchSize, width],
          ],
        };
        yield {
          op: { op: 'emit', logits: 'logits', outputs: 'outputs', width },
          batchSize,
          count,
          declarations: [
            ['logits', 'f32', batchSize, width],
            ['outputs', 'f32', count, width],
          ],
        };
      }
    },
    SQUARABLE,
  );
}

function affineCases(): GroupCase[] {
  const sampleCount = 5;
  return (['binarize', 'scale'] as const).flatMap((preprocess) =>
    kindCases(
      `gatherAffine ${preprocess}`,
      function* (): Iterable<OpRun> {
        for (const { batchSize, count } of PASSES) {
          for (const [height, width, channels] of [
            [1, 1, 1],
            [3, 5, 1],
            [28, 28, 1],
            [17, 2, 1],
            [7, 6, 3],
          ] as const) {
            const features = height * width * channels;
            const slices = { samples: 'samples', order: 'order', maps: 'maps', input: 'input' };
            const sizes = { sampleCount, features, height, width };
            yield {
              op: { op: 'gatherAffine', ...slices, ...sizes, preprocess },
              batchSize,
              count,
              declarations: [
                ['samples', 'u8', sampleCount, features],
                ['order', 'u32', count],
                ['maps', 'i32', count, 6],
                ['input', 'f32', batchSize, features],
              ],
              fix: fillImages,
            };
          }
        }
      },
      ['ordinary'],
    ),
  );
}

/** Random bytes, a random order, and maps from nearly the identity to far outside. */
function fillImages({ u8, u32, i32 }: Slices): void {
  const stream = caseStream(77);
  const samples = u8('samples');
  for (let i = 0; i < samples.length; i += 1) samples[i] = stream.below(3) && stream.below(256);
  fillBelow(u32('order'), 5);
  const maps = i32('maps');
  for (let i = 0; i < maps.length; i += 1) {
    const reach = [6000, 70_000, 0x0fffffff][Math.floor(i / 6) % 3]!;
    maps[i] = (i % 6 === 0 || i % 6 === 4 ? 0x10000 : 0) + stream.below(2 * reach + 1) - reach;
  }
}

function shardCases(): GroupCase[] {
  return SHARDS.flatMap((shards) =>
    kindCases(`shards, ${shards}`, function* (): Iterable<OpRun> {
      for (const { width: n, batchSize, count } of widthsAndPasses()) {
        const m = 19;
        yield {
          op: { op: 'shardedGemm', a: 'a', b: 'b', c: 'c', partial: 'partial', m, n, shards },
          batchSize,
          count,
          declarations: [
            ['a', 'f32', batchSize, m],
            ['b', 'f32', batchSize, n],
            ['c', 'f32', m, n],
            ['partial', 'f32', m, n],
          ],
        };
        const slices = { dOutput: 'dOutput', dBias: 'dBias', partial: 'partial' };
        yield {
          op: { op: 'shardedBiasGrad', ...slices, width: n, shards },
          batchSize,
          count,
          declarations: [
            ['dOutput', 'f32', batchSize, n],
            ['dBias', 'f32', n],
            ['partial', 'f32', n],
          ],
        };
      }
    }),
  );
}

function fillBelow(values: Uint32Array, bound: number): void {
  const stream = caseStream(bound);
  for (let i = 0; i < values.length; i += 1) values[i] = stream.below(bound);
}
