// brain.js on the CPU. It trains sample by sample on squared errors, whatever the batch size: its
// losses are not comparable, and a step is as many samples as the others' batch has.

import { FEATURES } from '../workloads.mjs';
import { requirePeer, versionOf } from './peers.mjs';
import { serve } from './protocol.mjs';

const { NeuralNetwork } = requirePeer('brain.js');

/** Squared errors on unbounded outputs diverge at the others' rates. */
const RATE = 0.001;

/**
 * A network with the weights that all sides begin with; its own are [out, in].
 *
 * @param {import('./protocol.mjs').Material} material
 * @param {{ name: string, layers: readonly any[] }} task
 */
function networkOf(material, task) {
  const { layers: widths } = task;
  const network = new NeuralNetwork({
    inputSize: widths[0],
    hiddenLayers: widths.slice(1, -1),
    outputSize: widths.at(-1),
    activation: 'relu',
    learningRate: RATE,
  });
  network.initialize();
  for (const [layer, { inWidth, outWidth, weight, bias }] of material.layers(task).entries()) {
    for (let out = 0; out < outWidth; out += 1) {
      network.biases[layer + 1][out] = bias[out];
      for (let k = 0; k < inWidth; k += 1) {
        network.weights[layer + 1][out][k] = weight[k * outWidth + out];
      }
    }
  }
  return network;
}

/**
 * @param {import('../workloads.mjs').Training} task
 * @param {import('./protocol.mjs').Material} material
 */
function openTraining(task, material) {
  const network = networkOf(material, task);
  const samples = material
    .batches({ ...task, batchSize: 1 })
    .map(({ x, y }) => ({ input: x, output: y }));
  let next = 0;
  const run = (/** @type {number} */ steps) => {
    for (let i = 0; i < steps * task.batchSize; i += 1) {
      network.trainPattern(samples[next]);
      next = (next + 1) % samples.length;
    }
  };
  return { check: null, run };
}

/**
 * @param {import('../workloads.mjs').Inference} task
 * @param {import('./protocol.mjs').Material} material
 */
function openInference(task, material) {
  const network = networkOf(material, task);
  const images = material.images(task).flatMap((bytes) => splitRows(bytes, FEATURES));
  let next = 0;
  const run = (/** @type {number} */ steps) => {
    for (let i = 0; i < steps * task.batchSize; i += 1) {
      network.runInput(images[next]);
      next = (next + 1) % images.length;
    }
  };
  return { check: null, run };
}

/**
 * @param {Uint8Array} bytes
 * @param {number} length of a row
 */
function splitRows(bytes, length) {
  return Array.from({ length: bytes.length / length }, (_, row) =>
    Float32Array.from(bytes.subarray(row * length, (row + 1) * length), (byte) => byte / 255),
  );
}

await serve(versionOf('brain.js', 'brain.js'), (task, material) =>
  task.kind === 'train' ? openTraining(task, material) : openInference(task, material),
);
