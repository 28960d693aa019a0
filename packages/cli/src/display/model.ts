import type { SavedModel } from '@bitgrad/core';
import { describeColumn } from '../data/columns.js';
import { formatBytes, formatCount, formatSeconds, plural } from '../format.js';
import { colorsOf, print, printPairs } from '../output.js';
import { SETTINGS } from '../train/settings.js';
import { describeSize, printLayers } from './layers.js';
import { describeResult } from './result.js';

/** Prints what a model file holds, for people. */
export function printModel(file: string, model: SavedModel, bytes: number): void {
  const { recipe, receipt } = model;
  printSection('Model', [
    ['file', `${file} (${formatBytes(bytes)})`],
    ['weightsSha256', receipt.weightsSha256],
    ...(receipt.preparationSha256 === undefined
      ? []
      : [['preparationSha256', receipt.preparationSha256] as const]),
    ['test', describeResult(receipt, 'test')],
    ['validation', describeResult(receipt, 'validation')],
    ...(receipt.bestEpoch === null
      ? []
      : [['kept', `epoch ${receipt.bestEpoch} of ${receipt.epochs.length}`] as const]),
  ]);
  print(colorsOf(process.stdout).bold(`Layers: ${describeSize(recipe)}`));
  printLayers(recipe, process.stdout, '  ');
  print();
  printSection(
    `Recipe: ${recipe.name}`,
    SETTINGS.map(({ option, textIn }) => [option, textIn(recipe)] as const),
  );
  printData(model);
  printRun(model);
}

function printData({ receipt, classNames, encoding }: SavedModel): void {
  const { name, sha256, inputSha256, train, validation, test } = receipt.dataset;
  printSection('Data', [
    ['name', name],
    ['sha256', sha256],
    ['inputSha256', inputSha256],
    ['training samples', formatCount(train)],
    ['validation samples', formatCount(validation)],
    ['test samples', formatCount(test)],
    ...(classNames ? [['classes', classNames.join(', ')] as const] : []),
    ...(encoding ? [['learnt', encoding.label] as const] : []),
    ...(encoding ? [['from', encoding.columns.map(describeColumn).join(', ')] as const] : []),
  ]);
}

function printRun({ receipt, run }: SavedModel): void {
  const versions = Object.entries(run.versions).map((pair) => pair.join(' '));
  printSection('Run', [
    ['contract', `version ${receipt.contract}`],
    ['receipt', `format ${receipt.format ?? 1}`],
    ['programSha256', run.programSha256 ?? receipt.programSha256 ?? 'not told'],
    [
      'digests',
      `${receipt.states ? 'weights and whole state' : 'weights'} after each of ${plural(receipt.epochs.length, 'epoch')}, which --json shows`,
    ],
    ['backend', `${run.backend} (${run.isa}, ${plural(run.threads, 'thread')})`],
    [
      'training',
      `${formatSeconds(run.trainSeconds)}, ${formatCount(run.samplesPerSecond)} samples/s`,
    ],
    ['finished', run.finishedAt],
    ['versions', versions.join(', ')],
  ]);
}

function printSection(
  title: string,
  pairs: readonly (readonly [name: string, value: string])[],
): void {
  print(colorsOf(process.stdout).bold(title));
  printPairs(pairs.map(([name, value]) => [`  ${name}`, value] as const));
  if (title !== 'Run') print();
}
