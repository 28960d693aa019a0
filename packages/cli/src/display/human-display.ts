import {
  denseWidths,
  type EpochReport,
  layersText,
  type Recipe,
  type StartReport,
  taskOf,
} from '@bitgrad/core';
import type { Choice } from '../backends.js';
import {
  formatBytes,
  formatCount,
  formatLoss,
  formatPercent,
  formatSeconds,
  plural,
} from '../format.js';
import { colorsOf, note, print, printPairs } from '../output.js';
import { programName, quoted } from '../program-name.js';
import type { Display, Finish } from './display.js';
import { describeSize, printLayers } from './layers.js';
import { namedTargets, printMetrics, printTargets } from './metrics.js';
import { describeResult } from './result.js';

/**
 * For people: how it goes on stderr, with a progress bar on a terminal; what came of it on stdout.
 *
 * @param isHeard whether signals are
 */
export async function humanDisplay(isHeard: boolean): Promise<Display> {
  // What only terminals show is imported only for them.
  const bar = process.stderr.isTTY === true ? (await import('./bar.js')).openBar(isHeard) : null;
  const curves = process.stdout.isTTY === true ? await import('./curves.js') : null;
  const reports: EpochReport[] = [];
  let epochs = 0;
  return {
    start(report, choice) {
      epochs = report.recipe.epochs;
      printHeader(report, choice);
      bar?.start(report);
    },
    progress: (progress) => bar?.progress(progress),
    epoch(report) {
      reports.push(report);
      if (bar) bar.epoch(report);
      else note(epochLine(report, epochs));
    },
    close: () => bar?.close(),
    finish(finish) {
      curves?.printCurves(reports);
      printFinish(finish);
    },
  };
}

function printHeader({ recipe, dataset, epochsDone }: StartReport, { description }: Choice): void {
  const parts = [
    [dataset.train, 'training'],
    [dataset.validation, 'validation'],
    [dataset.test, 'test'],
  ] as const;
  const counts = parts.filter(([count]) => count > 0);
  const samples = counts.map(([count, part]) => `${formatCount(count)} ${part}`).join(', ');
  printPairs(
    [
      ['recipe', describeRecipe(recipe)],
      ['data', `${dataset.name}: ${samples} samples`],
      ['backend', description],
      ...(epochsDone > 0
        ? [['resumed', `after ${plural(epochsDone, 'epoch')} of ${recipe.epochs}`] as const]
        : []),
    ],
    process.stderr,
  );
  // A plain network stands in the recipe's line already.
  if (denseWidths(recipe) === null) {
    printLayers(recipe, process.stderr);
    note(describeSize(recipe));
  }
}

/** A recipe in one line. */
export function describeRecipe(recipe: Recipe): string {
  const { name, layers, activation, preprocess, augment, optimizer, learningRate } = recipe;
  const { schedule, batchSize, epochs, seed, standardize, dropout, loss } = recipe;
  return [
    `${name}: ${layersText(layers).replaceAll(',', '-')} ${activation}`,
    ...[preprocess, augment].filter((word) => word !== 'none'),
    ...(standardize ? ['standardized'] : []),
    ...(loss === 'cross-entropy' ? [] : [loss]),
    ...(dropout === 0 ? [] : [`dropout ${dropout}`]),
    `${optimizer} at ${learningRate} ${schedule}`,
    `batch ${batchSize}`,
    plural(epochs, 'epoch'),
    `seed ${seed}`,
  ].join(', ');
}

function epochLine(report: EpochReport, epochs: number): string {
  const { epoch, loss, seconds, samplesPerSecond } = report;
  const parts = [
    `epoch ${String(epoch).padStart(String(epochs).length)}/${epochs}`,
    `loss ${formatLoss(loss)}`,
    ...validationParts(report),
    formatSeconds(seconds),
    `${formatCount(samplesPerSecond)} samples/s`,
  ];
  return parts.join('  ');
}

/** How validation went: in accuracy, or of numbers in loss. */
function validationParts({ validationAccuracy, validationLoss }: EpochReport): string[] {
  if (validationAccuracy !== null) return [`validation ${formatPercent(validationAccuracy)}`];
  return validationLoss === null ? [] : [`validation loss ${formatLoss(validationLoss)}`];
}

function printFinish({ model, out, bytes, data, plot, metricNames }: Finish): void {
  const { receipt, trainSeconds, samplesPerSecond } = model;
  const { bold, dim, green } = colorsOf(process.stdout);
  const { bestEpoch, epochs, weightsSha256 } = receipt;
  const test = describeResult(receipt, 'test', (text) => bold(green(text)));
  printPairs([
    [taskOf(model.recipe) === 'classification' ? 'test accuracy' : 'test', test],
    ...(bestEpoch === null
      ? []
      : [['kept', `epoch ${bestEpoch} of ${epochs.length}, the lowest validation loss`] as const]),
    ['weightsSha256', weightsSha256],
    ['training', `${formatSeconds(trainSeconds)}, ${formatCount(samplesPerSecond)} samples/s`],
    ['model', `${out} (${formatBytes(bytes)})`],
    ...(plot === undefined ? [] : [['report', plot] as const]),
  ]);
  print();
  if (receipt.metrics && receipt.baseline) {
    printMetrics({ metrics: receipt.metrics, baseline: receipt.baseline }, metricNames);
    const targets = namedTargets(receipt, model.encoding);
    if (targets) printTargets(targets, metricNames);
    print();
  }
  const option = data === 'mnist' ? '' : ` --data ${quoted(data)}`;
  print(dim(`next: ${programName()} eval ${quoted(out)}${option}`));
}
