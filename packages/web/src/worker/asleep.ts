import { type Dataset, denseWidths, type Model } from '@bitgrad/core';
import { readHidden } from './read-hidden.js';

/** So many images are asked. */
const IMAGES = 256;

/**
 * The units of each hidden layer that are 0 for every one of some images: a 1 for each. Of ReLU's units
 * these have stopped learning, because where the result is 0 the slope is, too; others never sleep.
 */
export function findAsleep(model: Model, dataset: Dataset): Uint8Array[] {
  const { recipe } = model;
  const widths = denseWidths(recipe)!.slice(1, -1);
  const asleep = widths.map((width) => new Uint8Array(width).fill(1));
  if (recipe.activation !== 'relu') return asleep.map((layer) => layer.fill(0));
  const count = Math.min(IMAGES, dataset.trainCount);
  readHidden(model, dataset, 0, count, ({ rows, outputs }) => {
    for (const [layer, values] of outputs.entries()) wake(asleep[layer]!, values, rows);
  });
  return asleep;
}

/** @param outputs `[rows, units]` */
function wake(asleep: Uint8Array, outputs: Float32Array, rows: number): void {
  const units = asleep.length;
  for (let row = 0; row < rows; row += 1)
    for (let unit = 0; unit < units; unit += 1)
      if (outputs[row * units + unit]! > 0) asleep[unit] = 0;
}
