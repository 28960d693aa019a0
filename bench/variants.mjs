// What optimisers, dropout, augmentation and shards cost beside plain SGD: whole epochs of W2 and C1, with
// the draws and digests that a training makes, by turns.
//
//   node bench/variants.mjs [rounds, 5 if left out] [threads, 1 if left out]

import { RECIPES, Training } from '@bitgrad/core';
import { nativeBackend } from '@bitgrad/core-native';
import { loadMnist } from '@bitgrad/formats';
import { describeMachine } from './driver/machine.mjs';
import { machineLines } from './report/tables.mjs';
import { renderText } from './report/text.mjs';
import { pairedRatio, summarize } from './statistics.mjs';
import { SAMPLES, TRAININGS } from './workloads.mjs';

/** @typedef {Partial<import('@bitgrad/core').Recipe>} Changes */

const [rounds = 5, threads = 1] = process.argv.slice(2).map(Number);
const TASKS = ['W2', 'C1'];

/** Each beside the plain one. @type {Readonly<Record<string, Changes>>} */
const VARIANTS = {
  'plain SGD': {},
  momentum: { optimizer: 'momentum' },
  nesterov: { optimizer: 'nesterov' },
  adam: { optimizer: 'adam', learningRate: 0.001 },
  adamw: { optimizer: 'adamw', learningRate: 0.001, weightDecay: 0.01 },
  'shift:2': { augment: 'shift:2' },
  affine: { augment: 'affine' },
  '4 shards': { shards: 4 },
};

const backend = nativeBackend({ threads });
const mnist = await loadMnist();
const dataset = {
  ...mnist,
  inputs: mnist.inputs.subarray(0, SAMPLES * 784),
  labels: mnist.labels.subarray(0, SAMPLES),
  trainCount: SAMPLES,
  testCount: 0,
  validationCount: 0,
};

for (const line of machineLines(describeMachine())) console.log(line);
for (const name of TASKS) {
  const task = /** @type {import('./workloads.mjs').Training} */ (
    TRAININGS.find((one) => one.name === name)
  );
  const dropped = [...task.layers];
  dropped.splice(-1, 0, { type: 'dropout', rate: 0.2 });
  const variants = { ...VARIANTS, 'dropout 0.2': { layers: dropped } };
  const trainings = await Promise.all(
    Object.values(variants).map((changes) =>
      Training.open(backend, recipeOf(task, changes), dataset),
    ),
  );
  /** @type {number[][]} */
  const seconds = trainings.map(() => []);
  // The first round warms up.
  for (let round = 0; round <= rounds; round += 1) {
    for (const [at, training] of trainings.entries()) {
      const report = await training.runEpoch();
      if (round > 0) seconds[at]?.push(report.seconds);
    }
  }
  for (const training of trainings) training.close();
  print(`${name}: ${task.title}, ${threads} thread(s)`, Object.keys(variants), seconds);
}

/**
 * @param {import('./workloads.mjs').Training} task
 * @param {Changes} changes
 */
function recipeOf({ layers, batchSize, preprocess, rate }, changes) {
  return {
    .../** @type {import('@bitgrad/core').Recipe} */ (RECIPES.mnist),
    name: 'variants',
    layers,
    batchSize,
    preprocess,
    learningRate: rate,
    augment: 'none',
    epochs: rounds + 1,
    ...changes,
  };
}

/**
 * @param {string} title
 * @param {string[]} names
 * @param {number[][]} seconds
 */
function print(title, names, seconds) {
  const [plain = []] = seconds;
  const rows = names.map((name, at) => {
    const own = seconds[at] ?? [];
    const [time, ratio] = [summarize(own), pairedRatio(own, plain)];
    return [name, micro(time.median), ratio.median.toFixed(2), range(ratio)];
  });
  const header = ['', 'µs/sample', 'times plain SGD', 'least–greatest'];
  process.stdout.write(`\n${renderText([{ title, words: 'Medians.', header, rows }])}`);
}

/** @param {number} seconds of an epoch */
function micro(seconds) {
  return ((seconds / SAMPLES) * 1e6).toFixed(2);
}

/** @param {import('./statistics.mjs').Summary} ratio */
function range({ min, max }) {
  return `${min.toFixed(2)}–${max.toFixed(2)}`;
}
