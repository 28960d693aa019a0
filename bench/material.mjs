// What all sides work on: the same samples, initial weights and matrices, as files that every
// language reads.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { initialParameters, RECIPES } from '@bitgrad/core';
import { exportModel, loadMnist } from '@bitgrad/formats';
import { FEATURES, GEMMS, INFERENCES, SAMPLES, TRAININGS } from './workloads.mjs';

/**
 * A model of these layers, with the weights that all sides begin with.
 *
 * @param {readonly number[]} layers
 * @returns {import('@bitgrad/core').Model}
 */
export function initialModel(layers) {
  const recipe = {
    .../** @type {import('@bitgrad/core').Recipe} */ (RECIPES.mnist),
    name: 'bench',
    layers,
    preprocess: /** @type {const} */ ('scale'),
    augment: 'none',
  };
  const parameters = initialParameters(recipe, 'xavier', 1);
  return { recipe, parameters, standardization: null, classNames: null, encoding: null };
}

/** The file of a network's initial weights. @param {readonly number[]} layers */
export const weightsFile = (layers) => `weights-${layers.join('-')}.f32`;

/**
 * Writes the material into a new folder; `remove` deletes it.
 *
 * @returns {Promise<{ folder: string, remove: () => void }>}
 */
export async function writeMaterial() {
  const folder = mkdtempSync(join(tmpdir(), 'bitgrad-bench-'));
  const { inputs, labels } = await loadMnist();
  writeFileSync(join(folder, 'samples.u8'), inputs.subarray(0, SAMPLES * FEATURES));
  writeFileSync(join(folder, 'labels.u8'), Uint8Array.from(labels.subarray(0, SAMPLES)));
  for (const { layers } of TRAININGS) {
    writeFileSync(join(folder, weightsFile(layers)), initialModel(layers).parameters);
  }
  for (const { layers } of INFERENCES) {
    const model = initialModel(layers);
    // Like all sides, it is given floats that were scaled before.
    const recipe = { ...model.recipe, preprocess: /** @type {const} */ ('none') };
    writeFileSync(join(folder, 'predict.onnx'), exportModel({ ...model, recipe }, 'onnx'));
  }
  for (const [seed, name] of ['a.f32', 'b.f32'].entries()) {
    const most = Math.max(...GEMMS.map(({ m, n, k }) => (name === 'a.f32' ? m * k : k * n)));
    writeFileSync(join(folder, name), uniform(most, seed + 1));
  }
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/**
 * Numbers in [-1, 1) by a linear congruential generator (the constants are Numerical Recipes').
 *
 * @param {number} length
 * @param {number} seed
 */
function uniform(length, seed) {
  const numbers = new Float32Array(length);
  let state = seed;
  for (let i = 0; i < length; i += 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    numbers[i] = (state >>> 8) / 2 ** 23 - 1;
  }
  return numbers;
}
