import {
  type ActivationName,
  compileTraining,
  initialParameters,
  type Memory,
  type Network,
  type Preprocess,
  type Program,
  range,
  resolve,
  writeParameters,
} from '@bitgrad/core';
import { caseStream } from '../values.js';

/** A small network over samples made for it, compiled. */
export interface NetworkCase extends Network {
  readonly name: string;
  readonly preprocess: Preprocess;
  /** The image's size and reach of its shifts, or null. */
  readonly shift: {
    readonly height: number;
    readonly width: number;
    readonly reach: number;
  } | null;
  readonly batchSize: number;
  readonly l2: number;
}

/** Samples of every network case; no multiple of its batch sizes. */
export const SAMPLE_COUNT = 23;

const FEATURES = 30;
const CLASSES = 5;
const HIDDEN: readonly (readonly number[])[] = [[16], [17, 7], [9, 1, 33]];
/** Gradients of more rows and columns than are finished at a time, where the update is made of them. */
const WIDE = [530, 20, 530];

/**
 * 1–3 hidden layers × activations × output activation × preprocess, with every other property in turn; and a wide
 * network.
 */
export function networkCases(): NetworkCase[] {
  const activations: ActivationName[] = ['relu', 'sigmoid', 'tanh', 'leaky-relu', 'elu'];
  const cases: NetworkCase[] = [];
  for (const hidden of [[], ...HIDDEN]) {
    for (const activation of hidden.length === 0 ? activations.slice(0, 1) : activations) {
      for (const outputActivation of ['none', 'relu'] as const) {
        for (const preprocess of ['none', 'binarize', 'scale'] as const) {
          const at = cases.length;
          const isShifted = preprocess !== 'none' && at % 2 === 0;
          const batchSize = [1, 7, 10, 16][at % 4]!;
          const l2 = at % 3 === 0 ? Math.fround(0.01) : 0;
          cases.push({
            name: `${[FEATURES, ...hidden, CLASSES].join('-')} ${activation}, output ${outputActivation}, ${preprocess}${isShifted ? ', shifted' : ''}, batches of ${batchSize}, l2 ${l2 > 0}`,
            layers: [FEATURES, ...hidden, CLASSES],
            activation,
            outputActivation,
            preprocess,
            shift: isShifted ? { height: 5, width: 6, reach: 1 } : null,
            batchSize,
            l2,
          });
        }
      }
    }
  }
  const wide = { ...cases.at(-1)!, activation: 'relu', l2: Math.fround(0.01) } as const;
  const layers = [FEATURES, ...WIDE, CLASSES];
  return [...cases, { ...wide, name: `${layers.join('-')} relu, l2 true`, layers }];
}

/** Compiles a network, with its optimiser or with its gradients only. */
export function compileCase(
  network: NetworkCase,
  optimizer: 'sgd' | 'none',
  sampleCount = SAMPLE_COUNT,
): Program {
  return compileTraining(
    network,
    {
      sampleCount,
      capacity: sampleCount,
      preprocess: network.preprocess,
      shift: network.shift,
    },
    { batchSize: network.batchSize, optimizer, l2: network.l2 },
  );
}

/** Writes parameters (biases too), samples, labels, an order and rates. */
export function fillNetwork(network: NetworkCase, memory: Memory, hasRates = true): void {
  const { layers, preprocess, shift } = network;
  const { features, outputs } = resolve(network);
  const stream = caseStream(layers.length + network.batchSize);
  const parameters = initialParameters(network, 'he', 3);
  // Biases begin at 0, and weights are never exactly 0.
  writeParameters(
    memory,
    network,
    parameters.map((value) => (value === 0 ? Math.fround(0.1 * stream.normal()) : value)),
  );
  if (preprocess === 'none') {
    const samples = memory.f32('samples');
    for (let i = 0; i < samples.length; i += 1) {
      samples[i] = stream.below(4) === 0 ? 0 : stream.normal();
    }
  } else {
    const samples = memory.u8('samples');
    for (let i = 0; i < samples.length; i += 1) samples[i] = stream.below(2) * stream.below(256);
    // A pixel that is 0 in every sample, as most at a digit's edge are.
    for (let i = 3; i < samples.length; i += features) samples[i] = 0;
  }
  const labels = memory.u32('labels');
  for (let i = 0; i < labels.length; i += 1) labels[i] = stream.below(outputs);
  const order = memory.u32('order');
  order.set(range(0, order.length));
  stream.shuffle(order);
  const rates = hasRates ? memory.f32('rates') : [];
  for (let i = 0; i < rates.length; i += 1) rates[i] = 0.2 * stream.uniform() + 0.05;
  if (shift === null) return;
  const shifts = memory.i32('shifts');
  for (let i = 0; i < shifts.length; i += 1) {
    shifts[i] = stream.below(2 * shift.reach + 1) - shift.reach;
  }
}
