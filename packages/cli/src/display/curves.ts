import type { EpochReport } from '@bitgrad/core';
import { asciiCurve } from '@bitgrad/formats/report';
import { colorsOf, print } from '../output.js';

/** Fewer epochs make no curve. */
const FEWEST_EPOCHS = 5;
const HEIGHT = 6;
const WIDEST = 72;

/** Prints how the loss went over a training of some length. */
export function printCurves(reports: readonly EpochReport[]): void {
  if (reports.length < FEWEST_EPOCHS) return;
  printCurve(
    'loss',
    reports.map(({ loss }) => loss),
  );
  const validation = reports.flatMap(({ validationLoss }) => validationLoss ?? []);
  if (validation.length === reports.length) printCurve('validation loss', validation);
}

function printCurve(title: string, values: readonly number[]): void {
  const { bold, dim, green } = colorsOf(process.stdout);
  const width = Math.min(WIDEST, process.stdout.columns || 80);
  print(bold(title) + dim(` over ${values.length} epochs`));
  for (const line of asciiCurve(values, { width, height: HEIGHT }).split('\n')) {
    const axis = line.indexOf('┤') + 1;
    print(dim(line.slice(0, axis)) + green(line.slice(axis)));
  }
  print();
}
