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
import type {
  PredictionWorkload,
  ProductWorkload,
  TrainingWorkload,
  Workload,
} from './workloads.js';

/** A figure is taken from at least so many pieces, and for at least so long. */
const FEWEST_PIECES = 5;
const LEAST_SECONDS = 0.8;
/** A piece of calls takes about this long. */
const PIECE_SECONDS = 0.1;

/** How fast a backend is at something. */
export interface Measurement {
  readonly workload: string;
  readonly backend: string;
  readonly isa: string;
  readonly threads: number;
  /** The median of the pieces. */
  readonly rate: number;
  readonly unit: 'samples/s' | 'GFLOP/s';
  readonly pieces: number;
}

/** How fast a backend is at a workload. The signal ends it with an AbortedError. */
export function measure(
  workload: Workload,
  backend: Backend,
  dataset: Dataset,
  signal: AbortSignal,
): Promise<Measurement> {
  if (workload.kind === 'train') return measureTraining(workload, backend, dataset, signal);
  if (workload.kind === 'predict') return measurePrediction(workload, backend, dataset, signal);
  return measureProduct(workload, backend, signal);
}

/** Trains epoch after epoch; the first one only warms up. */
async function measureTraining(
  workload: TrainingWorkload,
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

async function measurePrediction(
  workload: PredictionWorkload,
  backend: Backend,
  { inputs, features }: Dataset,
  signal: AbortSignal,
): Promise<Measurement> {
  const { batchSize } = workload;
  const recipe = recipeOf({ ...workload, preprocess: 'scale', samples: batchSize });
  const model = {
    recipe,
    parameters: initialParameters(recipe, recipe.initializer, recipe.seed),
    standardization: null,
    classNames: null,
    encoding: null,
  };
  const samples = inputs.slice(0, batchSize * features);
  const predictor = new Predictor(model, backend, batchSize);
  const piece = async (): Promise<number> =>
    batchSize * callsPerSecond(() => predictor.predict(samples));
  try {
    return await medianOf(workload, backend, piece, signal);
  } finally {
    predictor.close();
  }
}

function measureProduct(
  workload: ProductWorkload,
  backend: Backend,
  signal: AbortSignal,
): Promise<Measurement> {
  const { m, n, k } = workload;
  // Any finite numbers but tiny ones take the same time.
  const a = new Float32Array(m * k).fill(0.5);
  const b = new Float32Array(k * n).fill(0.5);
  const c = new Float32Array(m * n);
  const call = (): void => backend.kernels.sgemm(false, false, m, n, k, 1, a, k, b, n, 0, c, n);
  const piece = async (): Promise<number> => (2 * m * n * k * callsPerSecond(call)) / 1e9;
  return medianOf(workload, backend, piece, signal);
}

/** Calls again and again for a while. The clock is asked after ever more calls: it takes time too. */
function callsPerSecond(call: () => unknown): number {
  const begun = performance.now();
  let [calls, seconds] = [0, 0];
  while (seconds < PIECE_SECONDS) {
    const now = Math.max(1, calls >> 2);
    for (let i = 0; i < now; i += 1) call();
    calls += now;
    seconds = (performance.now() - begun) / 1000;
  }
  return calls / seconds;
}

async function medianOf(
  { title, kind }: Workload,
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
  const unit = kind === 'multiply' ? 'GFLOP/s' : 'samples/s';
  const pieces = rates.length;
  return { workload: title, backend: name, isa, threads, rate: median, unit, pieces };
}

function recipeOf({
  layers,
  batchSize,
  preprocess,
  samples,
}: Omit<TrainingWorkload, 'kind'>): Recipe {
  return {
    ...RECIPES.mnist!,
    name: 'bench',
    subset: samples,
    layers,
    preprocess,
    batchSize,
    // A small rate at any batch size: no value may leave binary32's range.
    learningRate: 0.01,
    schedule: 'constant',
    augment: 'none',
    epochs: 1_000_000,
  };
}
