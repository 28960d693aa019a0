import type { Dataset, Model } from '@bitgrad/core';
import type { Exciting, UnitPlace } from './protocol.js';
import { readHidden } from './read-hidden.js';
import { multiplicationsOf, stageLayers } from './stage-layers.js';

/** So many test images are asked, fewer where an answer takes long, and so many of them shown. */
const MOST_ASKED = 1000;
const LEAST_ASKED = 100;
const PRODUCTS = 3e8;
const SHOWN = 8;

/** The test images to which a hidden unit says most, the most exciting first; a filter, at any place. */
export function findExciting(model: Model, dataset: Dataset, { layer, unit }: UnitPlace): Exciting {
  const affordable = Math.floor(PRODUCTS / multiplicationsOf(model.recipe));
  const asked = Math.min(MOST_ASKED, Math.max(LEAST_ASKED, affordable));
  const count = Math.min(asked, dataset.testCount);
  const values = new Float32Array(count);
  const { units, outputShape } = stageLayers(model.recipe)[layer]!;
  const size = outputShape.reduce((product, length) => product * length, 1);
  readHidden(model, dataset, dataset.trainCount, count, ({ begin, rows, outputs }) => {
    for (let row = 0; row < rows; row += 1) {
      const said = outputs[layer]!.subarray(row * size, (row + 1) * size);
      values[begin + row] = loudest(said, unit, units);
    }
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

/** The most that a unit says at any place of an image. */
function loudest(said: Float32Array, unit: number, units: number): number {
  let most = Number.NEGATIVE_INFINITY;
  for (let at = unit; at < said.length; at += units) most = Math.max(most, said[at]!);
  return most;
}
