// What all sides work on: the same samples, initial weights and matrices, as files that every
// language reads.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { initialParameters, poolWindowOf, RECIPES, resolve, windowOf } from '@bitgrad/core';
import { exportModel, loadMnist } from '@bitgrad/formats';
import { FEATURES, GEMMS, INFERENCES, SAMPLES, TRAININGS } from './workloads.mjs';

/**
 * A model of these layers, with the weights that all sides begin with.
 *
 * @param {readonly import('@bitgrad/core').LayerItem[]} layers
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
  for (const { name, kind, layers } of [...TRAININGS, ...INFERENCES]) {
    const model = initialModel(layers);
    writeFileSync(join(folder, `${name}.f32`), model.parameters);
    writeFileSync(join(folder, `${name}.json`), JSON.stringify(nodesOf(model.recipe)));
    if (kind === 'train') continue;
    // Like all sides, it is given floats that were scaled before.
    const recipe = { ...model.recipe, preprocess: /** @type {const} */ ('none') };
    writeFileSync(join(folder, `${name}.onnx`), exportModel({ ...model, recipe }, 'onnx'));
  }
  for (const [seed, name] of ['a.f32', 'b.f32'].entries()) {
    const most = Math.max(...GEMMS.map(({ m, n, k }) => (name === 'a.f32' ? m * k : k * n)));
    writeFileSync(join(folder, name), uniform(most, seed + 1));
  }
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/**
 * A network's layers, one after the other, for sides that do not read recipes: what each is, the shapes
 * around it, where its windows stand, and its parameters in the order of the file of weights.
 *
 * @param {import('@bitgrad/core').Recipe} recipe
 */
function nodesOf(recipe) {
  return resolve(recipe).nodes.map(({ spec, inputShape, outputShape, parameters }) => {
    const window =
      spec.type === 'conv2d'
        ? windowOf(spec, inputShape)
        : spec.type === 'maxPool2d'
          ? poolWindowOf(spec, inputShape)
          : null;
    const shapes = parameters.map(({ role, shape }) => ({ role, shape }));
    return { ...spec, inputShape, outputShape, window, parameters: shapes };
  });
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
