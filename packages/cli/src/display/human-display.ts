import type { EpochReport, Recipe, StartReport } from '@bitgrad/core';
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
import { programName } from '../program-name.js';
import { openBar } from './bar.js';
import type { Display, Finish } from './display.js';

/** For people: how it goes on stderr, with a progress bar on a terminal; what came of it on stdout. */
export function humanDisplay(): Display {
  const bar = process.stderr.isTTY === true ? openBar() : null;
  let epochs = 0;
  return {
    start(report, choice) {
      epochs = report.recipe.epochs;
      printHeader(report, choice);
      bar?.start(report);
    },
    progress: (progress) => bar?.progress(progress),
    epoch(report) {
      if (bar) bar.epoch(report);
      else note(epochLine(report, epochs));
    },
    close: () => bar?.close(),
    finish: printFinish,
  };
}

function printHeader({ recipe, dataset }: StartReport, { description }: Choice): void {
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
    ],
    process.stderr,
  );
}

/** A recipe in one line. */
export function describeRecipe(recipe: Recipe): string {
  const { name, layers, activation, preprocess, augment, optimizer, learningRate } = recipe;
  const { schedule, batchSize, epochs, seed } = recipe;
  return [
    `${name}: ${layers.join('-')} ${activation}`,
    augment === 'none' ? preprocess : `${preprocess}, ${augment}`,
    `${optimizer} at ${learningRate} ${schedule}`,
    `batch ${batchSize}`,
    plural(epochs, 'epoch'),
    `seed ${seed}`,
  ].join(', ');
}

function epochLine(report: EpochReport, epochs: number): string {
  const { epoch, loss, validationAccuracy, seconds, samplesPerSecond } = report;
  const parts = [
    `epoch ${String(epoch).padStart(String(epochs).length)}/${epochs}`,
    `loss ${formatLoss(loss)}`,
    ...(validationAccuracy === null ? [] : [`validation ${formatPercent(validationAccuracy)}`]),
    formatSeconds(seconds),
    `${formatCount(samplesPerSecond)} samples/s`,
  ];
  return parts.join('  ');
}

function printFinish({ model, out, bytes }: Finish): void {
  const { receipt, trainSeconds, samplesPerSecond } = model;
  const { testAccuracy, testLoss, weightsSha256, dataset } = receipt;
  const { bold, green, dim } = colorsOf(process.stdout);
  const accuracy =
    testAccuracy === null
      ? 'no test samples'
      : `${bold(green(formatPercent(testAccuracy)))} of ${formatCount(dataset.test)} (loss ${formatLoss(testLoss)})`;
  printPairs([
    ['test accuracy', accuracy],
    ['weightsSha256', weightsSha256],
    ['training', `${formatSeconds(trainSeconds)}, ${formatCount(samplesPerSecond)} samples/s`],
    ['model', `${out} (${formatBytes(bytes)})`],
  ]);
  print();
  print(dim(`next: ${programName()} eval ${quoted(out)}`));
}

function quoted(path: string): string {
  return /[^\w./\\:@-]/.test(path) ? JSON.stringify(path) : path;
}
