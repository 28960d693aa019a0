import { type Backend, type Dataset, type Model, Predictor } from '@bitgrad/core';
import type { Picture } from './picture.js';

/** A sample that a model takes for another class. */
export interface Mistake {
  /** The sample's place in the data set. */
  readonly index: number;
  readonly label: number;
  readonly predicted: number;
  /** Of the predicted class: how sure the model is of its mistake. */
  readonly probability: number;
  /** Null where samples are no images. */
  readonly image: Picture | null;
}

const ROWS = 1024;

/**
 * Finds the mistakes that a model is surest of.
 *
 * @param indices samples to look at
 * @param most how many to return
 * @returns the surest first; of equal ones, the first sample; none where the targets are numbers
 */
export function findMistakes(
  model: Model,
  dataset: Dataset,
  indices: Uint32Array,
  backend: Backend,
  most = 24,
): Mistake[] {
  if (dataset.values !== undefined) return [];
  const mistakes: Mistake[] = [];
  const predictor = new Predictor(model, backend, ROWS);
  try {
    for (let start = 0; start < indices.length; start += ROWS) {
      const part = indices.subarray(start, start + ROWS);
      const probabilities = predictor.predict(gather(dataset, part));
      for (const [row, index] of part.entries()) {
        const own = probabilities.subarray(row * dataset.classes, (row + 1) * dataset.classes);
        const mistake = judge(dataset, index, own);
        if (mistake) mistakes.push(mistake);
      }
    }
  } finally {
    predictor.close();
  }
  mistakes.sort((a, b) => b.probability - a.probability || a.index - b.index);
  return mistakes.slice(0, most);
}

function judge(dataset: Dataset, index: number, probabilities: Float32Array): Mistake | null {
  const { labels, inputs, features, image } = dataset;
  const label = labels[index]!;
  const probability = probabilities.reduce((most, value) => Math.max(most, value));
  const predicted = probabilities.indexOf(probability);
  if (predicted === label) return null;
  const hasImage = image !== null && inputs instanceof Uint8Array;
  const pixels = hasImage ? inputs.slice(index * features, (index + 1) * features) : null;
  return { index, label, predicted, probability, image: pixels && { ...image!, pixels } };
}

function gather({ inputs, features }: Dataset, indices: Uint32Array): Uint8Array | Float32Array {
  const Samples = inputs instanceof Uint8Array ? Uint8Array : Float32Array;
  const samples = new Samples(indices.length * features);
  for (const [row, index] of indices.entries()) {
    samples.set(inputs.subarray(index * features, (index + 1) * features), row * features);
  }
  return samples;
}
