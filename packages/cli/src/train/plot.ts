import { extname } from 'node:path';
import {
  type Backend,
  type Dataset,
  type EpochReport,
  evaluate,
  splitDataset,
  type TrainedModel,
} from '@bitgrad/core';
import { UsageError } from '../usage-error.js';

/** How a report is written, by the ending of its file's name. */
const WRITERS = { '.html': 'htmlReport', '.svg': 'svgReport' } as const;

/**
 * @param where what to call the option in messages
 * @throws UsageError if the file's name does not say what kind of report it is to be
 */
export function checkPlotName(file: string, where: string): void {
  if (writerOf(file) !== undefined) return;
  throw new UsageError(
    `${where}: expected a name that ends in .html or .svg, received ${file}`,
    'for example --plot report.html',
  );
}

/** What a report is made of. */
export interface Plot {
  /** Whose ending says what kind of report it is. */
  readonly file: string;
  readonly model: TrainedModel;
  readonly epochs: readonly EpochReport[];
  readonly dataset: Dataset;
  readonly backend: Backend;
  readonly signal: AbortSignal;
}

/**
 * Draws a training: its curves, and how its model does on the test samples.
 *
 * @returns a whole HTML page or SVG image
 * @throws AbortedError if the signal ended it
 */
export async function drawPlot({
  file,
  model,
  epochs,
  dataset,
  backend,
  signal,
}: Plot): Promise<string> {
  const { test } = splitDataset(dataset, model.recipe);
  const { receipt, classNames, encoding } = model;
  const { findMistakes, numberResults, permutationImportance, readFilters, ...writers } =
    await import('@bitgrad/formats/report');
  const write = writers[writerOf(file)!];
  const filters = readFilters(model, dataset, test, backend);
  if (test.length === 0) {
    return write({ receipt, epochs, evaluation: null, worst: [], classNames, filters });
  }
  const evaluation = await evaluate(model, dataset, test, backend, { signal });
  const worst = findMistakes(model, dataset, test, backend);
  const numbers = await numberResults(model, dataset, test, backend, { signal });
  const importance = await permutationImportance(model, dataset, test, backend, { signal });
  const found = { evaluation, worst, filters, numbers, importance };
  return write({ receipt, epochs, classNames, encoding, ...found });
}

function writerOf(file: string): (typeof WRITERS)[keyof typeof WRITERS] | undefined {
  const ending = extname(file).toLowerCase();
  return Object.hasOwn(WRITERS, ending) ? WRITERS[ending as keyof typeof WRITERS] : undefined;
}
