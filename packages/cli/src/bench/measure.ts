import { setImmediate } from 'node:timers/promises';
import {
  AbortedError,
  type Backend,
  type Dataset,
  initialParameters,
  Predictor,
  RECIPES,
  type Recipe,
  Training,
} from '@bitgrad/core';
import type { Workload } from './workloads.js';

/** Samples of an epoch: enough for a figure, few enough for the slowest backend. */
const EPOCH_SAMPLES = 4000;
/** A figure is taken from at least so many pieces, and for at least so long. */
const FEWEST_PIECES = 5;
const LEAST_SECONDS = 2;
/** A piece of predictions takes about this long. */
const PIECE_SECONDS = 0.1;

/** How fast a backend is at something. */
export interface Measurement {
  readonly workload: string;
  readonly backend: string;
  readonly isa: string;
  readonly threads: number;
  /** The median of the pieces. */
  readonly samplesPerSecond: number;
  readonly pieces: number;
}

/** Trains epoch after epoch; the first one only warms up. */
export async function measureTraining(
  workload: Workload,
  backend: Backend,
  dataset: Dataset,
  signal: AbortSignal,
): Promise<Measurement> {
  const training = await Training.open(backend, recipeOf(workload), dataset);
  try {
    const piece = async (): Promise<number> =>
      (await training.runEpoch({ signal })).samplesPerSecond;
    return await medianOf(workload, backend, piece, signal);
  } finally {
    training.close();
  }
}

/** Predicts the same images again and again. */
export async function measureInference(
  workload: Workload,
  backend: Backend,
  { inputs, features }: Dataset,
  signal: AbortSignal,
): Promise<Measurement> {
  const recipe = recipeOf(workload);
  const { batchSize } = workload;
  const model = {
    recipe,
    parameters: initialParameters(recipe, recipe.initializer, recipe.seed),
    standardization: null,
    classNames: null,
    encoding: null,
  };
  const samples = inputs.slice(0, batchSize * features);
  const predictor = new Predictor(model, backend, batchSize);
  const piece = async (): Promise<number> => {
    const begun = performance.now();
    let [calls, seconds] = [0, 0];
    while (seconds < PIECE_SECONDS) {
      predictor.predict(samples);
      calls += 1;
      seconds = (performance.now() - begun) / 1000;
    }
    return (calls * batchSize) / seconds;
  };
  try {
    return await medianOf(workload, backend, piece, signal);
  } finally {
    predictor.close();
  }
}

async function medianOf(
  { title }: Workload,
  { name, isa, threads }: Backend,
  piece: () => Promise<number>,
  signal: AbortSignal,
): Promise<Measurement> {
  await piece();
  const begun = performance.now();
  const rates: number[] = [];
  while (rates.length < FEWEST_PIECES || performance.now() - begun < 1000 * LEAST_SECONDS) {
    // Ctrl-C is heard only when the event loop turns.
    await setImmediate();
    if (signal.aborted) throw new AbortedError('the measurement was interrupted');
    rates.push(await piece());
  }
  rates.sort((a, b) => a - b);
  const middle = rates.length >> 1;
  const median =
    rates.length % 2 === 1 ? rates[middle]! : (rates[middle - 1]! + rates[middle]!) / 2;
  const pieces = rates.length;
  return { workload: title, backend: name, isa, threads, samplesPerSecond: median, pieces };
}

function recipeOf({ layers, batchSize }: Workload): Recipe {
  return {
    ...RECIPES.mnist!,
    name: 'bench',
    subset: EPOCH_SAMPLES,
    layers,
    batchSize,
    // A small rate at any batch size: no value may leave binary32's range.
    learningRate: 0.01,
    schedule: 'constant',
    augment: 'none',
    epochs: 1_000_000,
  };
}
