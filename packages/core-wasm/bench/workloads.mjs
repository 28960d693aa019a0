// The workloads that Bitgrad compares itself with others on: plain perceptrons on MNIST, ReLU,
// softmax cross-entropy, plain SGD, binary32.

import { compileTraining, initialParameters, writeParameters } from '@bitgrad/core';

/**
 * @typedef {object} Workload
 * @property {string} name
 * @property {readonly number[]} layers
 * @property {number} batchSize
 * @property {'binarize' | 'scale'} preprocess
 * @property {number} rate
 * @property {number} steps of one measurement
 */

/** @type {readonly Workload[]} */
export const WORKLOADS = [
  {
    name: 'W1',
    layers: [784, 32, 10],
    batchSize: 1,
    preprocess: 'binarize',
    rate: 0.01,
    steps: 400,
  },
  {
    name: 'W2',
    layers: [784, 128, 10],
    batchSize: 32,
    preprocess: 'scale',
    rate: 0.1,
    steps: 100,
  },
  {
    name: 'W3',
    layers: [784, 512, 512, 10],
    batchSize: 128,
    preprocess: 'scale',
    rate: 0.1,
    steps: 10,
  },
];

/** Samples that a workload trains on, again and again. */
export const SAMPLES = 12_800;

/** @param {Workload} workload */
export function networkOf({ layers }) {
  return /** @type {const} */ ({ layers, activation: 'relu', outputActivation: 'none' });
}

/**
 * Bitgrad's side: opens a session on `backend`.
 *
 * @param {import('@bitgrad/core').Backend} backend
 * @param {Workload} workload
 * @param {import('@bitgrad/core').Dataset} dataset
 * @returns {(steps: number) => number} runs steps; the loss of the last sample
 */
export function openBitgrad(backend, workload, dataset) {
  const { batchSize, preprocess, rate } = workload;
  const network = networkOf(workload);
  const program = compileTraining(
    network,
    { sampleCount: SAMPLES, capacity: SAMPLES, preprocess, shift: null },
    { batchSize, optimizer: 'sgd', l2: 0 },
  );
  const session = backend.open(program);
  const { memory } = session;
  memory.u8('samples').set(dataset.inputs.subarray(0, SAMPLES * dataset.features));
  memory.u32('labels').set(dataset.labels.subarray(0, SAMPLES));
  memory.u32('order').forEach((_, at, order) => {
    order[at] = at;
  });
  memory.f32('rates').fill(rate);
  writeParameters(memory, network, initialParameters(network, 'xavier', 1));
  const control = memory.u32('control');
  const most = SAMPLES / batchSize;
  let done = most;
  return (steps) => {
    for (let left = steps; left > 0; ) {
      if (done === most) {
        control.set([0, SAMPLES, 0]);
        done = 0;
      }
      const now = Math.min(left, most - done);
      session.run('train', now);
      done += now;
      left -= now;
    }
    return /** @type {number} */ (memory.f32('losses')[done * batchSize - 1]);
  };
}

/**
 * The time of `work`, in microseconds per training sample.
 *
 * @param {Workload} workload
 * @param {() => unknown} work its steps
 */
export async function timed({ steps, batchSize }, work) {
  const begun = performance.now();
  await work();
  return (1000 * (performance.now() - begun)) / (steps * batchSize);
}

/** @param {readonly number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return /** @type {number} */ (sorted[sorted.length >> 1]);
}
