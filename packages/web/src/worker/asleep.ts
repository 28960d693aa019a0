import type { Dataset, Model } from '@bitgrad/core';
import { readHidden } from './read-hidden.js';
import { multiplicationsOf, stageLayers } from './stage-layers.js';

/** So many images are asked, and fewer of a network that takes long to answer. */
const MOST_IMAGES = 256;
const LEAST_IMAGES = 32;
const PRODUCTS = 5e7;

/**
 * The units of each hidden layer that are 0 for every one of some images: a 1 for each. Of ReLU's units
 * these have stopped learning, because where the result is 0 the slope is, too; others never sleep.
 */
export function findAsleep(model: Model, dataset: Dataset): Uint8Array[] {
  const { recipe } = model;
  const hidden = stageLayers(recipe).slice(0, -1);
  const asleep = hidden.map(({ units }) => new Uint8Array(units).fill(1));
  if (recipe.activation !== 'relu') return asleep.map((layer) => layer.fill(0));
  const affordable = Math.floor(PRODUCTS / multiplicationsOf(recipe));
  const asked = Math.min(MOST_IMAGES, Math.max(LEAST_IMAGES, affordable));
  readHidden(model, dataset, 0, Math.min(asked, dataset.trainCount), ({ rows, outputs }) => {
    for (const [layer, values] of outputs.entries()) {
      const { outputShape } = hidden[layer]!;
      wake(asleep[layer]!, values.subarray(0, rows * outputShape.reduce((a, b) => a * b, 1)));
    }
  });
  return asleep;
}

/** @param outputs of some images, their units last */
function wake(asleep: Uint8Array, outputs: Float32Array): void {
  const units = asleep.length;
  for (let at = 0; at < outputs.length; at += 1) if (outputs[at]! > 0) asleep[at % units] = 0;
}
