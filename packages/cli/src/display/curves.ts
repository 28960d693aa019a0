import type { EpochReport } from '@bitgrad/core';
import { formatLoss } from '../format.js';
import { colorsOf, print } from '../output.js';

/** Fewer epochs make no curve. */
const FEWEST_EPOCHS = 5;
const HEIGHT = 8;
const WIDEST = 60;
/** Left of the curve: the axis with its numbers. */
const MARGIN = 10;
const EIGHTHS = ['', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/** Prints how the loss went over a training of some length. */
export function printCurves(reports: readonly EpochReport[]): void {
  if (reports.length < FEWEST_EPOCHS) return;
  const width = Math.min(WIDEST, (process.stdout.columns || 80) - MARGIN);
  const validation = reports.flatMap(({ validationLoss }) => validationLoss ?? []);
  printCurve(
    'loss',
    reports.map(({ loss }) => loss),
    width,
  );
  if (validation.length === reports.length) printCurve('validation loss', validation, width);
}

function printCurve(title: string, values: readonly number[], width: number): void {
  const { bold, dim, green } = colorsOf(process.stdout);
  const [top, bottom] = [Math.max(...values), Math.min(0, ...values)];
  const lines = drawCurve(values, Math.min(width, values.length), HEIGHT);
  print(bold(title));
  lines.forEach((line, row) => {
    const label = row === 0 ? formatLoss(top) : row === HEIGHT - 1 ? formatLoss(bottom) : '';
    print(`${dim(`${label.padStart(MARGIN - 2)} │`)}${green(line)}`);
  });
  print(dim(`${' '.repeat(MARGIN)}${values.length} epochs`));
  print();
}

/**
 * Draws values as columns from 0 up, each the mean of its share of the values.
 *
 * @returns `height` lines, the top one first
 */
export function drawCurve(values: readonly number[], width: number, height: number): string[] {
  const top = Math.max(...values);
  const heights = Array.from({ length: width }, (_, column) => {
    const begin = Math.floor((column * values.length) / width);
    const end = Math.floor(((column + 1) * values.length) / width);
    const part = values.slice(begin, end);
    const mean = part.reduce((sum, value) => sum + value, 0) / part.length;
    return top > 0 ? Math.round((8 * height * mean) / top) : 0;
  });
  return Array.from({ length: height }, (_, row) => {
    const below = 8 * (height - 1 - row);
    return heights
      .map((eighths) => EIGHTHS[Math.max(0, Math.min(8, eighths - below))] || ' ')
      .join('');
  });
}
