import {
  type Backend,
  type Dataset,
  type Metrics,
  type Recipe,
  type Scores,
  train,
} from '@bitgrad/core';
import { printMetrics } from '../display/metrics.js';
import { emit, note, print } from '../output.js';
import type { TrainingRequest } from './request.js';

/** A measure's mean over the folds, or their standard deviation; null where a fold has none. */
type Measures = Readonly<Record<string, number | null>>;

/** What a cross-validation is made of. */
export interface CrossValidation {
  readonly request: TrainingRequest;
  /** One a fold (`k/K`). */
  readonly recipes: readonly Recipe[];
  readonly dataset: Dataset;
  readonly backend: Backend;
  readonly signal: AbortSignal;
  readonly json: boolean;
}

/**
 * Trains once for each fold, tests each sample once, and tells the scores' mean and deviation. No
 * model comes of it.
 *
 * @throws AbortedError if the signal ended it, and what training throws
 */
export async function crossValidate(options: CrossValidation): Promise<void> {
  const { request, recipes, dataset, backend, signal, json } = options;
  const folds = recipes.length;
  const scores: Scores[] = [];
  for (const recipe of recipes) {
    const { fold } = recipe;
    if (json && scores.length === 0)
      emit({ event: 'start', folds, recipe, dataset: { name: dataset.name } });
    const { receipt } = await train({ recipe, dataset, backend, signal });
    const { metrics, baseline, weightsSha256 } = receipt;
    scores.push({ metrics: metrics!, baseline: baseline! });
    if (json) emit({ event: 'fold', fold, metrics, baseline, weightsSha256 });
    else note(`fold ${fold}  ${wordsOf(metrics!)}`);
  }
  const metrics = meanOf(scores.map((one) => one.metrics));
  const baseline = meanOf(scores.map((one) => one.baseline));
  const deviation = deviationOf(
    scores.map((one) => one.metrics),
    metrics,
  );
  if (json) {
    emit({ event: 'end', folds, metrics, deviation, baseline });
    return;
  }
  printMetrics(
    { metrics: metrics as unknown as Metrics, baseline: baseline as unknown as Metrics },
    request.metricNames,
    deviation,
  );
  print();
  print(`the means of ${folds} folds ± the deviation between them; no model was written`);
}

function wordsOf(metrics: Metrics): string {
  return Object.entries(metrics)
    .map(([name, value]) => `${name} ${value === null ? '–' : Number(value.toPrecision(4))}`)
    .join('  ');
}

function meanOf(all: readonly Metrics[]): Measures {
  return combine(all, (values) => values.reduce((sum, value) => sum + value, 0) / values.length);
}

/** The sample's standard deviation, which divides by one less than the folds. */
function deviationOf(all: readonly Metrics[], means: Measures): Measures {
  return combine(all, (values, name) => {
    const squares = values.map((value) => (value - means[name]!) * (value - means[name]!));
    return Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / (values.length - 1));
  });
}

function combine(
  all: readonly Metrics[],
  how: (values: readonly number[], name: string) => number,
): Measures {
  const names = Object.keys(all[0]!);
  return Object.fromEntries(
    names.map((name) => {
      const values = all.map((metrics) => (metrics as unknown as Measures)[name]!);
      return [name, values.includes(null as never) ? null : how(values, name)];
    }),
  );
}
