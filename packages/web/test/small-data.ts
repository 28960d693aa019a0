import { type Dataset, RECIPES, type Recipe, Stream } from '@bitgrad/core';

/** Made-up images in ten classes, each with its own bright row, and some noise. */
export function smallDataset(samples = 400): Dataset {
  const stream = new Stream(5, 'split', 0);
  const inputs = new Uint8Array(samples * 784);
  const labels = Uint32Array.from({ length: samples }, () => stream.below(10));
  for (let sample = 0; sample < samples; sample += 1) {
    for (let pixel = 0; pixel < 784; pixel += 1) {
      const isBright = Math.floor(pixel / 28) === 2 * labels[sample]! + 4;
      inputs[sample * 784 + pixel] = Number(isBright || stream.below(16) === 0);
    }
  }
  const testCount = 100;
  return {
    name: 'small',
    inputs,
    features: 784,
    image: { height: 28, width: 28 },
    labels,
    classes: 10,
    trainCount: samples - testCount,
    testCount,
  };
}

/** A batch that does not divide the samples, shifts, and a rate that changes. */
export const SMALL_RECIPE: Recipe = {
  ...RECIPES.mnist!,
  layers: [784, 12, 10],
  batchSize: 7,
  epochs: 3,
  learningRate: 0.1,
};
