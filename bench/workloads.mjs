// What is measured, defined once: every side gets these very objects.

import { parseLayers, summarize } from '@bitgrad/core';

/**
 * @typedef {object} Task
 * @property {string} name
 * @property {'train' | 'predict' | 'gemm'} kind
 * @property {string} title
 * @property {string} unit of its figure
 * @property {number} figureOfOneSecond the figure of a step that takes a second
 * @property {boolean} isRate whether the figure grows with speed (`figureOfOneSecond ÷ seconds`)
 *   or with time (`figureOfOneSecond · seconds`)
 */

/**
 * A network that trains on MNIST: ReLU, softmax cross-entropy, plain SGD, binary32.
 *
 * @typedef {object} TrainingFields
 * @property {readonly import('@bitgrad/core').LayerItem[]} layers
 * @property {number} batchSize
 * @property {'binarize' | 'scale'} preprocess
 * @property {number} rate
 * @property {number} checkSteps steps after which the sides' losses are compared
 *
 * @typedef {Task & TrainingFields} Training
 */

/**
 * A network's probabilities for `batchSize` images a call.
 *
 * @typedef {Task & { layers: readonly import('@bitgrad/core').LayerItem[], batchSize: number }} Inference
 */

/**
 * C = op(A) · B, with op(A) `[m, k]`, B `[k, n]`, C `[m, n]`.
 *
 * @typedef {Task & { m: number, n: number, k: number, transposeA: boolean }} Gemm
 */

/** Samples that a training goes over, again and again. */
export const SAMPLES = 12_800;
/** Different images that calls with one image go over. */
export const SINGLE_IMAGES = 100;
export const FEATURES = 784;
export const CLASSES = 10;

const C1 = '28x28,conv16,pool,conv32,pool,10';
/** The network of the best known notebook on MNIST (Deotte 2018). */
const C2 =
  '28x28,conv32,norm,conv32,norm,conv32:5/2,norm,drop:0.4,conv64,norm,conv64,norm,conv64:5/2,norm,drop:0.4,128,norm,10';

/** @type {readonly Training[]} */
export const TRAININGS = [
  training('W1', '784,32,10', 1, 'binarize', 0.01, 100),
  training('W2', '784,128,10', 32, 'scale', 0.1, 20),
  training('W3', '784,512,512,10', 128, 'scale', 0.1, 5),
  training('C1', C1, 32, 'scale', 0.05, 3),
  training('C2', C2, 64, 'scale', 1e-4, 3),
];

/** @type {readonly Inference[]} */
export const INFERENCES = [
  inference('predict-1', '784,128,10', 1, { ...perSample(1), unit: 'µs/call' }),
  inference('predict-1000', '784,128,10', 1000, {
    unit: 'M samples/s',
    figureOfOneSecond: 1e-3,
    isRate: true,
  }),
  inference('predict-C1', C1, 32, perSample(32)),
  inference('predict-C2', C2, 64, perSample(64)),
];

/** The products of W2 and W3 (forward, and a gradient's), and squares. @type {readonly Gemm[]} */
export const GEMMS = [
  gemm(32, 128, 784, false),
  gemm(784, 128, 32, true),
  gemm(128, 512, 784, false),
  gemm(784, 512, 128, true),
  gemm(64, 64, 64, false),
  gemm(128, 128, 128, false),
  gemm(256, 256, 256, false),
  gemm(512, 512, 512, false),
  gemm(1024, 1024, 1024, false),
  gemm(2048, 2048, 2048, false),
];

/** Tasks that are measured by the same processes, one group after the other. */
export const GROUPS = [
  ...[...TRAININGS, ...INFERENCES].map((task) => ({ name: task.name, tasks: [task] })),
  { name: 'gemm', tasks: GEMMS },
];

/**
 * @param {string} name
 * @param {string} text the network's layers
 * @param {number} batchSize
 * @param {'binarize' | 'scale'} preprocess
 * @param {number} rate
 * @param {number} checkSteps
 * @returns {Training}
 */
function training(name, text, batchSize, preprocess, rate, checkSteps) {
  const title = `train ${text}, batch ${batchSize}`;
  const figure = perSample(batchSize);
  const layers = parseLayers(text);
  return { name, kind: 'train', title, ...figure, layers, batchSize, preprocess, rate, checkSteps };
}

/** @param {number} batchSize */
function perSample(batchSize) {
  return { unit: 'µs/sample', figureOfOneSecond: 1e6 / batchSize, isRate: false };
}

/**
 * @param {string} name
 * @param {string} text the network's layers
 * @param {number} batchSize
 * @param {Pick<Task, 'unit' | 'figureOfOneSecond' | 'isRate'>} figure
 * @returns {Inference}
 */
function inference(name, text, batchSize, figure) {
  const images = batchSize === 1 ? 'one image a call' : `${batchSize} images a call`;
  const title = `predict ${text}, ${images}`;
  return { name, kind: 'predict', title, ...figure, layers: parseLayers(text), batchSize };
}

/**
 * @param {number} m
 * @param {number} n
 * @param {number} k
 * @param {boolean} transposeA
 * @returns {Gemm}
 */
function gemm(m, n, k, transposeA) {
  const name = `gemm-${m}-${n}-${k}`;
  const title = `GEMM ${m}×${n}×${k}${transposeA ? ' (Aᵀ)' : ''}`;
  const figure = { unit: 'GFLOP/s', figureOfOneSecond: (2 * m * n * k) / 1e9, isRate: true };
  return { name, kind: 'gemm', title, ...figure, m, n, k, transposeA };
}

/**
 * Multiplications of a step: forward, and in trainings for the weights and, behind the first layer, for
 * the inputs.
 *
 * @param {Task & Partial<Training> & Partial<Gemm>} task
 */
export function multiplicationsOf({ kind, layers, batchSize = 0, m = 0, n = 0, k = 0 }) {
  if (layers === undefined) return m * n * k;
  const { first, others } = sumsOf(layers, 'multiplications');
  return batchSize * (kind === 'train' ? 2 * first + 3 * others : first + others);
}

/**
 * The bytes that a step must read or write at the least, and of how many different ones: a product's matrices; a
 * network's samples, and its parameters forward, in trainings once more for the inputs' gradients behind the first
 * layer, and to be read and written by the update.
 *
 * @param {Task & Partial<Training> & Partial<Gemm>} task
 */
export function bytesOf({ kind, layers, batchSize = 0, m = 0, n = 0, k = 0 }) {
  if (layers === undefined) {
    const matrices = 4 * (m * k + k * n + m * n);
    return { moved: matrices, different: matrices };
  }
  const { first, others } = sumsOf(layers, 'parameters');
  const samples = batchSize * FEATURES;
  const parameters = 4 * (first + others);
  const update = kind === 'train' ? 4 * others + 2 * parameters : 0;
  return { moved: samples + parameters + update, different: samples + parameters };
}

/**
 * What the first layer that computes has, and what all others have together.
 *
 * @param {readonly import('@bitgrad/core').LayerItem[]} layers
 * @param {'multiplications' | 'parameters'} what
 */
function sumsOf(layers, what) {
  const network = /** @type {const} */ ({ activation: 'relu', outputActivation: 'none' });
  const [first = 0, ...rest] = summarize({ ...network, layers })
    .map((layer) => layer[what])
    .filter((count) => count > 0);
  return { first, others: rest.reduce((sum, count) => sum + count, 0) };
}

/** Whether a task's network sees images as such. @param {Training | Inference | Gemm} task */
export const isConvolutional = (task) => 'layers' in task && Array.isArray(task.layers[0]);

/**
 * The figure of a task, in its unit.
 *
 * @param {Pick<Task, 'isRate' | 'figureOfOneSecond'>} task
 * @param {number} seconds of one step
 */
export function figureOf({ isRate, figureOfOneSecond }, seconds) {
  return isRate ? figureOfOneSecond / seconds : figureOfOneSecond * seconds;
}
