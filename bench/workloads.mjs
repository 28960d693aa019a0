// What is measured, defined once: every side gets these very objects.

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
 * A perceptron that trains on MNIST: ReLU, softmax cross-entropy, plain SGD, binary32.
 *
 * @typedef {object} TrainingFields
 * @property {readonly number[]} layers
 * @property {number} batchSize
 * @property {'binarize' | 'scale'} preprocess
 * @property {number} rate
 * @property {number} checkSteps steps after which the sides' losses are compared
 *
 * @typedef {Task & TrainingFields} Training
 */

/**
 * A perceptron's probabilities for `batchSize` images a call.
 *
 * @typedef {Task & { layers: readonly number[], batchSize: number }} Inference
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

/** @type {readonly Training[]} */
export const TRAININGS = [
  training('W1', [784, 32, 10], 1, 'binarize', 0.01, 100),
  training('W2', [784, 128, 10], 32, 'scale', 0.1, 20),
  training('W3', [784, 512, 512, 10], 128, 'scale', 0.1, 5),
];

/** @type {readonly Inference[]} */
export const INFERENCES = [inference(1), inference(1000)];

/** The products of W2 and W3 (forward, and a gradient's), and two squares. @type {readonly Gemm[]} */
export const GEMMS = [
  gemm(32, 128, 784, false),
  gemm(784, 128, 32, true),
  gemm(128, 512, 784, false),
  gemm(784, 512, 128, true),
  gemm(512, 512, 512, false),
  gemm(2048, 2048, 2048, false),
];

/** Tasks that are measured by the same processes, one group after the other. */
export const GROUPS = [
  ...[...TRAININGS, ...INFERENCES].map((task) => ({ name: task.name, tasks: [task] })),
  { name: 'gemm', tasks: GEMMS },
];

/**
 * @param {string} name
 * @param {readonly number[]} layers
 * @param {number} batchSize
 * @param {'binarize' | 'scale'} preprocess
 * @param {number} rate
 * @param {number} checkSteps
 * @returns {Training}
 */
function training(name, layers, batchSize, preprocess, rate, checkSteps) {
  const title = `train ${layers.join('-')}, batch ${batchSize}`;
  const figure = { unit: 'µs/sample', figureOfOneSecond: 1e6 / batchSize, isRate: false };
  return { name, kind: 'train', title, ...figure, layers, batchSize, preprocess, rate, checkSteps };
}

/**
 * @param {number} batchSize
 * @returns {Inference}
 */
function inference(batchSize) {
  const layers = [784, 128, 10];
  const images = batchSize === 1 ? 'one image a call' : `${batchSize} images a call`;
  const title = `predict ${layers.join('-')}, ${images}`;
  const figure =
    batchSize === 1
      ? { unit: 'µs/call', figureOfOneSecond: 1e6, isRate: false }
      : { unit: 'M samples/s', figureOfOneSecond: batchSize / 1e6, isRate: true };
  return { name: `predict-${batchSize}`, kind: 'predict', title, ...figure, layers, batchSize };
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
 * The figure of a task, in its unit.
 *
 * @param {Pick<Task, 'isRate' | 'figureOfOneSecond'>} task
 * @param {number} seconds of one step
 */
export function figureOf({ isRate, figureOfOneSecond }, seconds) {
  return isRate ? figureOfOneSecond / seconds : figureOfOneSecond * seconds;
}
