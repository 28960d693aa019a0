import { confusionFigure } from './confusion-figure.js';
import { lineChart, type Series } from './line-chart.js';
import type { Figure } from './markup.js';
import { formatNumber, formatPercent, type Report } from './report.js';
import { predictedFigure, residualsFigure } from './scatter.js';

/** The curves of a training: its loss, and its accuracy where it was looked at after each epoch. */
export function curvesOf({ epochs }: Report): { title: string; figure: Figure }[] {
  if (epochs.length === 0) return [];
  const series = (
    name: string,
    kind: Series['kind'],
    field: 'loss' | 'validationLoss' | 'validationAccuracy',
  ): Series => ({
    name,
    kind,
    points: epochs.map((report) => ({ epoch: report.epoch, value: report[field] })),
  });
  const losses = [
    series('training', 'accent', 'loss'),
    series('validation', 'second', 'validationLoss'),
  ];
  const curves = [
    { title: 'Loss', figure: lineChart('Loss by epoch', losses, formatNumber, { lowest: 0 }) },
  ];
  if (epochs.some(({ validationAccuracy }) => validationAccuracy !== null)) {
    const accuracy = [series('validation', 'second', 'validationAccuracy')];
    const format = (value: number): string => `${formatNumber(100 * value)} %`;
    const figure = lineChart('Accuracy by epoch', accuracy, format, { highest: 1 });
    curves.push({ title: 'Accuracy', figure });
  }
  return curves;
}

/** The confusion matrix, if there are classes and not too many. */
export function confusionOf({ evaluation, classNames }: Report): Figure | null {
  return evaluation?.confusion ? confusionFigure(evaluation.confusion, classNames) : null;
}

/** Targets that have figures of their own. */
const MOST_TARGETS = 6;

/** Of numbers that were learnt: predictions over true numbers, and what they lack of them. */
export function scattersOf({ numbers = [] }: Report): [predicted: Figure, residuals: Figure][] {
  return numbers
    .slice(0, MOST_TARGETS)
    .map((result) => [predictedFigure(result), residualsFigure(result)]);
}

/** What the mistakes shown are, in words. */
export function describeMistakes({ evaluation }: Report): string {
  const { samples, accuracy } = evaluation ?? {};
  if (samples === undefined || accuracy == null) return 'Label → prediction.';
  const count = Math.round(samples * (1 - accuracy));
  const share = formatPercent(1 - accuracy, 2);
  return `Of ${count} in all (${share}), those that the network is surest of: label → prediction.`;
}
