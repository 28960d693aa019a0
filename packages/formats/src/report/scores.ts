import {
  labelNames,
  type Metrics,
  type Model,
  type Receipt,
  type TargetScores,
} from '@bitgrad/core';
import { formatNumber, formatPercent } from './report.js';

type Measures = Metrics | TargetScores['metrics'];

const percent = (value: number): string => formatPercent(value, 2);
const decimals = (value: number): string => value.toFixed(4);

/** What each measure is called for people, and how it is written. */
const MEASURES: Readonly<Record<string, readonly [string, (value: number) => string]>> = {
  accuracy: ['accuracy', percent],
  balancedAccuracy: ['balanced accuracy', percent],
  macroF1: ['macro F1', percent],
  f1: ['F1', percent],
  rocAuc: ['ROC-AUC', decimals],
  averagePrecision: ['average precision', decimals],
  subsetAccuracy: ['all labels right', percent],
  r2: ['R²', decimals],
  rmse: ['RMSE', formatNumber],
  mae: ['MAE', formatNumber],
};

/** A model's measures beside those of a guess that knows no features, as names and values for people. */
export function scoreList({ metrics, baseline }: Receipt): [name: string, value: string][] {
  if (!metrics || !baseline) return [];
  const guess = 'accuracy' in metrics ? 'always the commonest' : 'always the mean';
  const others = new Map(written(baseline).map(([name, value]) => [name, value]));
  return written(metrics).map(([name, value]) => [
    name,
    `${value} (${guess}: ${others.get(name)})`,
  ]);
}

/** The measures of each of several targets. */
export function targetList(
  { targets = [] }: Receipt,
  encoding: Model['encoding'],
): [name: string, value: string][] {
  const names = encoding === null ? [] : labelNames(encoding);
  return targets.map(({ metrics }, at) => {
    const values = written(metrics).map(([name, value]) => `${name} ${value}`);
    return [names[at] ?? String(at + 1), values.join(' · ')];
  });
}

function written(measures: Measures): [name: string, value: string][] {
  return Object.entries(measures).map(([name, value]: [string, number | null]) => {
    const [words, write] = MEASURES[name] ?? [name, formatNumber];
    return [words, value === null ? '–' : write(value)];
  });
}
