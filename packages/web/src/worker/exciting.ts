import { type Dataset, denseWidths, type Model } from '@bitgrad/core';
import type { Exciting, UnitPlace } from './protocol.js';
import { readHidden } from './read-hidden.js';

/** So many test images are asked, and so many of them shown. */
const ASKED = 1000;
const SHOWN = 8;

/** The test images to which a hidden unit says most, the most exciting first. */
export function findExciting(model: Model, dataset: Dataset, { layer, unit }: UnitPlace): Exciting {
  const count = Math.min(ASKED, dataset.testCount);
  const values = new Float32Array(count);
  const units = denseWidths(model.recipe)![layer + 1]!;
  readHidden(model, dataset, dataset.trainCount, count, ({ begin, rows, outputs }) => {
    for (let row = 0; row < rows; row += 1)
      values[begin + row] = outputs[layer]![row * units + unit]!;
  });
  const best = [...values.keys()]
    .filter((at) => values[at]! > 0)
    .sort((a, b) => values[b]! - values[a]!)
    .slice(0, SHOWN);
  const { features, trainCount } = dataset;
  const images = new Uint8Array(best.length * features);
  for (const [row, at] of best.entries()) {
    const start = (trainCount + at) * features;
    const image = (dataset.inputs as Uint8Array).subarray(start, start + features);
    const isGrey = image.some((value) => value > 1);
    images.set(isGrey ? image : image.map((value) => 255 * value), row * features);
  }
  return {
    images,
    labels: best.map((at) => dataset.labels[trainCount + at]!),
    values: best.map((at) => values[at]!),
    asked: count,
  };
}
