import type { Preprocess, SliceDeclaration } from '@bitgrad/core';
import type { GroupCase } from '../case.js';
import { caseStream } from '../values.js';
import { kindCases, type OpRun, PASSES, type Slices, widthsAndPasses } from './op-shapes.js';

const SAMPLE_COUNT = 9;

/** The ops at a step's two ends, gather and loss, over many shapes. */
export function sampleCases(): GroupCase[] {
  return [...gatherCases(), ...targetCases(), ...lossCases()];
}

function gatherCases(): GroupCase[] {
  return [
    ...kindCases('gather none', function* (): Iterable<OpRun> {
      for (const { width, batchSize, count } of widthsAndPasses([0])) {
        yield gatherRun('none', width, null, batchSize, count);
      }
    }),
    ...(['binarize', 'scale'] as const).flatMap((preprocess) =>
      kindCases(
        `gather ${preprocess}`,
        function* (): Iterable<OpRun> {
          for (const { width, batchSize, count } of widthsAndPasses([0, 784])) {
            yield gatherRun(preprocess, width, null, batchSize, count);
          }
          for (const { batchSize, count } of PASSES) {
            for (const image of [
              [1, 1],
              [3, 5],
              [28, 28],
              [17, 2],
            ] as const) {
              yield gatherRun(preprocess, image[0] * image[1], image, batchSize, count);
            }
          }
        },
        ['ordinary'],
      ),
    ),
  ];
}

function gatherRun(
  preprocess: Preprocess,
  features: number,
  image: readonly [height: number, width: number] | null,
  batchSize: number,
  count: number,
): OpRun {
  const stream = caseStream(features * 100 + count);
  const shifts: SliceDeclaration[] = image === null ? [] : [['shifts', 'i32', count, 2]];
  return {
    op: {
      op: 'gather',
      samples: 'samples',
      order: 'order',
      shifts: image === null ? null : 'shifts',
      input: 'input',
      sampleCount: SAMPLE_COUNT,
      features,
      height: image?.[0] ?? 0,
      width: image?.[1] ?? 0,
      preprocess,
    },
    batchSize,
    count,
    declarations: [
      ['samples', preprocess === 'none' ? 'f32' : 'u8', SAMPLE_COUNT, features],
      ['order', 'u32', count],
      ...shifts,
      ['input', 'f32', batchSize, features],
    ],
    fix: (slices) => {
      fillIndices(slices, 'order', SAMPLE_COUNT, count);
      if (preprocess !== 'none') {
        const samples = slices.u8('samples');
        for (let i = 0; i < samples.length; i += 1) {
          samples[i] = stream.below(2) * stream.below(256);
        }
      }
      if (image === null) return;
      // From no shift at all to one that moves the image out of sight.
      const reach = Math.max(...image) + 2;
      const pairs = slices.i32('shifts');
      for (let i = 0; i < pairs.length; i += 1) {
        pairs[i] = i % 3 === 0 ? 0 : stream.below(2 * reach + 1) - reach;
      }
    },
  };
}

function targetCases(): GroupCase[] {
  return kindCases(
    'gatherTargets',
    function* (): Iterable<OpRun> {
      for (const { batchSize, count } of PASSES) {
        yield {
          op: {
            op: 'gatherTargets',
            labels: 'labels',
            order: 'order',
            targets: 'targets',
            sampleCount: SAMPLE_COUNT,
          },
          batchSize,
          count,
          declarations: [
            ['labels', 'u32', SAMPLE_COUNT],
            ['order', 'u32', count],
            ['targets', 'u32', batchSize],
          ],
          fix: (slices) => {
            fillIndices(slices, 'order', SAMPLE_COUNT, count);
            fillIndices(slices, 'labels', 0xffffffff, SAMPLE_COUNT);
          },
        };
      }
    },
    ['ordinary'],
  );
}

function lossCases(): GroupCase[] {
  return [
    ...kindCases('softmaxCrossEntropy', function* (): Iterable<OpRun> {
      for (const { width: classes, batchSize, count } of widthsAndPasses()) {
        yield {
          op: {
            op: 'softmaxCrossEntropy',
            logits: 'logits',
            targets: 'targets',
            losses: 'losses',
            dLogits: 'dLogits',
            classes,
          },
          batchSize,
          count,
          declarations: [
            ['logits', 'f32', batchSize, classes],
            ['targets', 'u32', batchSize],
            ['losses', 'f32', count],
            ['dLogits', 'f32', batchSize, classes],
          ],
          fix: (slices) => fillIndices(slices, 'targets', classes, batchSize),
        };
      }
    }),
    ...kindCases('softmax', function* (): Iterable<OpRun> {
      for (const { width: classes, batchSize, count } of widthsAndPasses()) {
        yield {
          op: { op: 'softmax', logits: 'logits', probabilities: 'probabilities', classes },
          batchSize,
          count,
          declarations: [
            ['logits', 'f32', batchSize, classes],
            ['probabilities', 'f32', count, classes],
          ],
        };
      }
    }),
    ...kindCases('argmax', function* (): Iterable<OpRun> {
      for (const { width: classes, batchSize, count } of widthsAndPasses()) {
        yield {
          op: { op: 'argmax', logits: 'logits', predicted: 'predicted', classes },
          batchSize,
          count,
          declarations: [
            ['logits', 'f32', batchSize, classes],
            ['predicted', 'u32', count],
          ],
        };
      }
    }),
  ];
}

function fillIndices(slices: Slices, name: string, bound: number, seed: number): void {
  const stream = caseStream(seed);
  const indices = slices.u32(name);
  for (let i = 0; i < indices.length; i += 1) indices[i] = stream.below(bound);
}
