import {
  type Backend,
  beginPass,
  compileTraining,
  type Memory,
  type Slice,
  typescriptBackend,
} from '@bitgrad/core';
import type { GroupCase } from '../case.js';
import { copyMemory, expectFinite, expectSameMemory } from '../compare.js';
import { withSession } from '../run-both.js';
import { caseStream } from '../values.js';
import { fillNetwork, type NetworkCase } from './networks.js';

/** An image's height and width: their values are more than one and more than two words' bits. */
const IMAGES = { small: [11, 13], large: [24, 22] } as const;
/** Columns of the first product: whole vectors, a part of one, and single ones. */
const HIDDEN = 71;
const SAMPLE_COUNT = 90;
const EPOCHS = 2;

/** How a step ends, and how it is cut. */
const PLANS = {
  sgd: { optimizer: 'sgd', l2: 0, shards: 1 },
  'sgd, l2': { optimizer: 'sgd', l2: Math.fround(0.01), shards: 1 },
  momentum: { optimizer: 'momentum', l2: 0, shards: 1 },
  'three shards': { optimizer: 'sgd', l2: 0, shards: 3 },
  gradients: { optimizer: 'none', l2: 0, shards: 1 },
} as const;

interface ListedCase extends NetworkCase {
  readonly image: readonly [height: number, width: number];
  readonly plan: (typeof PLANS)[keyof typeof PLANS];
}

/**
 * Trainings on samples most of whose values are 0, as a digit's are, that will not change any more: a backend may list
 * once which are not. Batches of one row, of a word's bits and of more; large images do not fit the room that lists of
 * such batches have.
 */
export function listedSampleCases(): GroupCase[] {
  const cases = Object.entries(PLANS).flatMap(([name, plan]) =>
    (['binarize', 'scale', 'none'] as const).flatMap((preprocess) =>
      ([1, 10, 70] as const).map((batchSize): ListedCase => {
        const image = batchSize === 70 ? IMAGES.large : IMAGES.small;
        const [height, width] = image;
        // Numbers are not moved, and of each batch's size and each plan some are.
        const isShifted = preprocess === (batchSize === 10 ? 'scale' : 'binarize');
        return {
          name: `${name}, ${preprocess}${isShifted ? ', shifted' : ''}, batches of ${batchSize}`,
          layers: [height * width, HIDDEN, 5],
          ...{ activation: 'relu', outputActivation: 'none', preprocess, batchSize, l2: plan.l2 },
          shift: isShifted ? { height, width, reach: 3 } : null,
          ...{ image, plan },
        };
      }),
    ),
  );
  return cases.map((one) => ({ name: one.name, run: (backend) => compareTraining(backend, one) }));
}

function compareTraining(backend: Backend, network: ListedCase): void {
  const { preprocess, shift, batchSize, plan } = network;
  const program = compileTraining(
    network,
    { sampleCount: SAMPLE_COUNT, capacity: SAMPLE_COUNT, preprocess, shift },
    { batchSize, ...plan },
  );
  const isResult = isResultOf(network);
  withSession(typescriptBackend(), program, (oracle) => {
    fillNetwork(network, oracle.memory);
    fillImages(network, oracle.memory);
    withSession(backend, program, (session) => {
      copyMemory(program, oracle.memory, session.memory);
      session.freezeSamples?.();
      for (let epoch = 1; epoch <= EPOCHS; epoch += 1) {
        for (const entry of ['train', 'evaluate'] as const) {
          const steps = Math.ceil(SAMPLE_COUNT / program.entries[entry]!.batchSize);
          for (const one of [oracle, session]) {
            beginPass(one.memory, SAMPLE_COUNT);
            one.run(entry, steps);
          }
          const where = `epoch ${epoch}, ${entry}`;
          expectFinite(program, oracle.memory, where);
          expectSameMemory(program, session.memory, oracle.memory, where, isResult);
        }
      }
    });
  });
}

/**
 * What a pass leaves: what lies between, a backend may list, fuse and leave unwritten. Gradients that nothing is updated
 * by are results.
 */
function isResultOf({ plan }: ListedCase): (slice: Slice) => boolean {
  const parts = plan.optimizer === 'none' ? 'dWeight|dBias' : 'weight|bias';
  const parameters = new RegExp(`^layers\\.\\d\\.(${parts})(\\.velocity)?$`);
  return ({ name }) => parameters.test(name) || /^(control|losses|predicted|samples)$/.test(name);
}

/** Of nine samples three are unlike digits: blank, nothing but values (which is no list), and up to the edges. */
const UNLIKE: Readonly<Record<number, readonly [border: number, share: number]>> = {
  4: [0, 0],
  5: [0, 1],
  6: [0, 0.2],
};
/** A border of zeros, and a third of what is inside. */
const LIKE_DIGITS = [3, 0.3] as const;

function fillImages({ preprocess, image }: ListedCase, memory: Memory): void {
  const [height, width] = image;
  const stream = caseStream(height);
  const isNumbers = preprocess === 'none';
  const samples = isNumbers ? memory.f32('samples') : memory.u8('samples');
  for (let at = 0; at < samples.length; at += 1) {
    const [border, share] = UNLIKE[Math.floor(at / (height * width)) % 9] ?? LIKE_DIGITS;
    const [y, x] = [Math.floor(at / width) % height, at % width];
    const isInside = Math.min(x, width - 1 - x, y, height - 1 - y) >= border;
    const isSome = isInside && stream.uniform() < share;
    samples[at] = isSome ? (isNumbers ? stream.normal() : 1 + stream.below(255)) : 0;
  }
}
