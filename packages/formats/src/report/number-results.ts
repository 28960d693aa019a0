import {
  type Backend,
  type Dataset,
  decodeTargets,
  labelNames,
  type Model,
  predictSamples,
  taskOf,
} from '@bitgrad/core';

/** What a model says of a target's numbers. */
export interface NumberResult {
  readonly name: string;
  /** `[samples]`, in the numbers' own units. */
  readonly truth: Float64Array;
  readonly predicted: Float64Array;
}

/**
 * Predicts numbers, to be looked at beside the true ones.
 *
 * @param indices of the samples
 * @returns one a target; none where classes or labels are learnt
 */
export async function numberResults(
  model: Model,
  dataset: Dataset,
  indices: Uint32Array,
  backend: Backend,
  options: { readonly signal?: AbortSignal } = {},
): Promise<NumberResult[]> {
  const { values } = dataset;
  if (values === undefined || taskOf(model.recipe) !== 'regression') return [];
  const outputs = await predictSamples(model, dataset, indices, backend, options);
  const width = outputs.length / indices.length;
  const own = new Float32Array(outputs.length);
  for (const [row, index] of indices.entries()) {
    own.set(values.subarray(index * width, (index + 1) * width), row * width);
  }
  const truth = decodeTargets(model.encoding, own);
  const predicted = decodeTargets(model.encoding, outputs);
  const names = model.encoding === null ? [] : labelNames(model.encoding);
  const columnOf = (all: Float64Array, column: number): Float64Array =>
    all.filter((_, at) => at % width === column);
  return Array.from({ length: width }, (_, column) => ({
    name: names[column] ?? (width === 1 ? 'y' : `y${column + 1}`),
    truth: columnOf(truth, column),
    predicted: columnOf(predicted, column),
  }));
}
