import type { BitgradError, Prediction } from '@bitgrad/core';
import { clipText, formatPercent, formatTable } from '../format.js';
import { colorsOf, print } from '../output.js';

/** Probabilities shown to people: the highest ones. */
const MOST_CLASSES = 10;
const BAR_WIDTH = 30;
const LONGEST_NAME = 24;

/** Prints a prediction for people. */
export function printPrediction(
  file: string,
  prediction: Prediction,
  classNames: readonly string[] | null,
): void {
  const { bold, dim, green } = colorsOf(process.stdout);
  if ('outputs' in prediction) {
    print(`${file}: ${bold(green(prediction.outputs.join(', ')))}`);
    return;
  }
  if ('labels' in prediction) {
    const { labels, probabilities } = prediction;
    const answers = labels.map((label, at) => `${label} (${formatPercent(probabilities[at]!)})`);
    print(`${file}: ${bold(green(answers.join(', ')))}`);
    return;
  }
  const { label, probabilities } = prediction;
  const nameOf = (index: number): string =>
    clipText(classNames?.[index] ?? String(index), LONGEST_NAME);
  print(`${file}: ${bold(green(nameOf(label)))} (${formatPercent(probabilities[label]!)})`);
  const ranked = probabilities
    .map((probability, index) => ({ probability, index }))
    .sort((a, b) => b.probability - a.probability)
    .slice(0, MOST_CLASSES);
  const rows = ranked.map(({ probability, index }) => [nameOf(index), formatPercent(probability)]);
  formatTable(rows).forEach((line, row) => {
    const length = Math.round(BAR_WIDTH * ranked[row]!.probability);
    print(`  ${line}  ${dim('━'.repeat(length))}`.trimEnd());
  });
}

/** An error about one of several images, in one line. */
export function explainPrediction(file: string, { message }: BitgradError): string {
  const { red } = colorsOf(process.stderr);
  return `${red('error:')} ${message.startsWith(file) ? '' : `${file}: `}${message}`;
}
