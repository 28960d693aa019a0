// TensorFlow.js: `node tfjs.mjs BACKEND FORM`, on its backend `wasm` or `cpu`.
//
// Forms: `minimize` is what tutorials write (variables, an optimiser); `manual` is the step's own
// equations.

import { FEATURES, isConvolutional } from '../workloads.mjs';
import { requirePeer, versionOf } from './peers.mjs';
import { checkTraining, serve } from './protocol.mjs';
import { layersOf, logitsOf } from './tfjs-images.mjs';

const [backend = '', form = ''] = process.argv.slice(2);
const tf = requirePeer('@tensorflow/tfjs');
if (backend === 'wasm') requirePeer('@tensorflow/tfjs-backend-wasm');
await tf.setBackend(backend);
await tf.ready();
if (tf.getBackend() !== backend) throw new Error(`tfjs has no backend ${backend} here`);

/**
 * @param {import('./protocol.mjs').Material} material
 * @param {{ name: string }} task
 */
function variablesOf(material, task) {
  return material.layers(task).map(({ inWidth, outWidth, weight, bias }) => ({
    weight: tf.variable(tf.tensor2d(weight, [inWidth, outWidth])),
    bias: tf.variable(tf.tensor1d(bias)),
  }));
}

/**
 * The outputs of each layer; the last one's are logits.
 *
 * @param {any[]} layers
 * @param {any} x
 */
function forward(layers, x) {
  const outputs = [];
  let out = x;
  for (const [layer, { weight, bias }] of layers.entries()) {
    const activation = layer + 1 < layers.length ? 'relu' : 'linear';
    out = tf.fused.matMul({ a: out, b: weight, bias, activation });
    outputs.push(out);
  }
  return outputs;
}

/**
 * @param {import('../workloads.mjs').Training} task
 * @param {any[]} layers
 * @returns {(x: any, y: any) => any} a step; its mean loss
 */
function minimizing({ rate }, layers) {
  const optimizer = tf.train.sgd(rate);
  return (x, y) =>
    optimizer.minimize(() => tf.losses.softmaxCrossEntropy(y, forward(layers, x).at(-1)), true);
}

/**
 * @param {import('../workloads.mjs').Training} task
 * @param {any[]} layers
 * @returns {(x: any, y: any) => any} a step; its mean loss
 */
function manual({ batchSize, rate }, layers) {
  return (x, y) =>
    tf.tidy(() => {
      const outputs = forward(layers, x);
      const logarithms = tf.logSoftmax(outputs.at(-1));
      const loss = logarithms
        .mul(y)
        .sum()
        .mul(-1 / batchSize);
      // The rate goes into the slopes, which are smaller than the gradients.
      let slope = logarithms
        .exp()
        .sub(y)
        .mul(rate / batchSize);
      for (let layer = layers.length - 1; layer >= 0; layer -= 1) {
        const { weight, bias } = layers[layer];
        const before = layer > 0 ? outputs[layer - 1] : x;
        const next = layer > 0 ? tf.matMul(slope, weight, false, true).mul(tf.step(before)) : null;
        weight.assign(weight.sub(tf.matMul(before, slope, true, false)));
        bias.assign(bias.sub(slope.sum(0)));
        slope = next;
      }
      return loss;
    });
}

/**
 * A step of a network that sees images as such.
 *
 * @param {import('../workloads.mjs').Training} task
 * @param {import('./protocol.mjs').Material} material
 * @param {boolean} drops
 * @returns {(x: any, y: any) => any}
 */
function minimizingImages(task, material, drops) {
  const layers = layersOf(tf, material, task);
  const optimizer = tf.train.sgd(task.rate);
  const options = { isTraining: true, drops };
  const lossOf = (/** @type {any} */ x, /** @type {any} */ y) =>
    tf.losses.softmaxCrossEntropy(y, logitsOf(tf, layers, x, options));
  return (x, y) => optimizer.minimize(() => lossOf(x, y), true);
}

/**
 * @param {import('../workloads.mjs').Training} task
 * @param {import('./protocol.mjs').Material} material
 */
function openTraining(task, material) {
  if (!isConvolutional(task)) {
    const step = (form === 'manual' ? manual : minimizing)(task, variablesOf(material, task));
    const run = runOf(task, material, step);
    return { check: checkTraining(task, run), run };
  }
  // Losses are compared without dropout: no two libraries draw the same numbers.
  const check = checkTraining(task, runOf(task, material, minimizingImages(task, material, false)));
  return { check, run: runOf(task, material, minimizingImages(task, material, true)) };
}

/** The shape of a task's batches. @param {import('../sides/protocol.mjs').AnyTask} task */
const batchShape = (task) =>
  isConvolutional(task) ? [-1, .../** @type {any} */ (task).layers[0]] : [-1, FEATURES];

/**
 * @param {import('../workloads.mjs').Training} task
 * @param {import('./protocol.mjs').Material} material
 * @param {(x: any, y: any) => any} step
 */
function runOf(task, material, step) {
  const { batchSize } = task;
  const batches = material.batches(task).map(({ x, y }) => ({
    x: tf.tensor(x).reshape(batchShape(task)),
    y: tf.tensor2d(y, [batchSize, y.length / batchSize]),
  }));
  let next = 0;
  const run = (/** @type {number} */ steps) => {
    let loss = Number.NaN;
    for (let i = 0; i < steps; i += 1) {
      const { x, y } = /** @type {any} */ (batches[next]);
      next = (next + 1) % batches.length;
      const lossNow = step(x, y);
      if (i === steps - 1) [loss] = lossNow.dataSync();
      lossNow.dispose();
    }
    return loss;
  };
  return run;
}

/**
 * @param {import('../workloads.mjs').Inference} task
 * @param {import('./protocol.mjs').Material} material
 * @returns {(x: any) => any}
 */
function logitsFunction(task, material) {
  if (isConvolutional(task)) {
    const layers = layersOf(tf, material, task);
    return (x) => logitsOf(tf, layers, x, { isTraining: false, drops: false });
  }
  const variables = variablesOf(material, task);
  return (x) => forward(variables, x).at(-1);
}

/**
 * @param {import('../workloads.mjs').Inference} task
 * @param {import('./protocol.mjs').Material} material
 */
function openInference(task, material) {
  if (form !== 'manual') throw new Error('this form is for training');
  const logits = logitsFunction(task, material);
  const calls = material.calls(task).map((x) => tf.tensor(x).reshape(batchShape(task)));
  const call = (/** @type {number} */ at) => {
    const result = tf.tidy(() => tf.softmax(logits(calls[at % calls.length])));
    const probabilities = result.dataSync();
    result.dispose();
    return probabilities;
  };
  const run = (/** @type {number} */ steps) => {
    for (let step = 0; step < steps; step += 1) call(step);
  };
  return { check: [...call(0).slice(0, 10)], run };
}

await serve(`${versionOf('TensorFlow.js', '@tensorflow/tfjs')} ${backend}`, (task, material) =>
  task.kind === 'train' ? openTraining(task, material) : openInference(task, material),
);
