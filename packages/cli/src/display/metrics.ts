import {
  labelNames,
  type Metrics,
  type Scores,
  show,
  type TableEncoding,
  type TargetScores,
} from '@bitgrad/core';
import { clipText, formatPercent, formatTable } from '../format.js';
import { colorsOf, note, print } from '../output.js';
import { kebab, suggest } from '../suggest.js';
import { UsageError } from '../usage-error.js';

/** Letters of a target's name. */
const LONGEST_NAME = 24;

type MetricName = KeysOfUnion<Metrics | TargetScores['metrics']>;
type KeysOfUnion<Union> = Union extends unknown ? keyof Union : never;

/** What each measure is called for people, and how it is written. */
const MEASURES: Readonly<Record<MetricName, readonly [string, (value: number) => string]>> = {
  accuracy: ['accuracy', formatPercent],
  balancedAccuracy: ['balanced accuracy', formatPercent],
  macroF1: ['macro F1', formatPercent],
  f1: ['F1', formatPercent],
  rocAuc: ['ROC-AUC', (value) => value.toFixed(4)],
  averagePrecision: ['average precision', (value) => value.toFixed(4)],
  subsetAccuracy: ['all labels right', formatPercent],
  r2: ['R²', (value) => value.toFixed(4)],
  rmse: ['RMSE', (value) => String(Number(value.toPrecision(5)))],
  mae: ['MAE', (value) => String(Number(value.toPrecision(5)))],
};

export const METRIC_NAMES = Object.keys(MEASURES) as MetricName[];

/**
 * Reads the value of `--metrics`, in the library's names or as options are written.
 *
 * @param where what to call the option in messages
 * @returns null for all
 * @throws UsageError for a name that no measure has
 */
export function metricNamesOf(text: string | undefined, where: string): MetricName[] | null {
  if (text === undefined || text === 'all') return null;
  return text.split(',').map((word) => {
    const wanted = kebab(word.trim());
    const name = METRIC_NAMES.find((one) => kebab(one) === wanted);
    if (name !== undefined) return name;
    const meant = suggest(wanted, METRIC_NAMES.map(kebab));
    throw new UsageError(
      `${where}: expected all or some of ${METRIC_NAMES.join(', ')}, received ${show(word)}`,
      meant === undefined ? undefined : `did you mean ${meant}?`,
    );
  });
}

/**
 * Prints measures beside those of a guess that knows no features, and in words what they mean.
 *
 * @param wanted which to print; null for all
 * @param deviations of each measure, where it is a mean
 */
export function printMetrics(
  scores: Scores,
  wanted: readonly MetricName[] | null,
  deviations?: Readonly<Record<string, number | null>>,
): void {
  const { metrics, baseline } = scores;
  const { bold, dim, red } = colorsOf(process.stdout);
  const guess = 'accuracy' in metrics ? 'always the commonest' : 'always the mean';
  const rows = Object.entries(metrics)
    .filter(([name]) => wanted === null || wanted.includes(name as MetricName))
    .map(([name, value]) => {
      const [label, write] = MEASURES[name as MetricName];
      const other = (baseline as unknown as Record<string, number | null>)[name]!;
      const deviation = deviations?.[name];
      const own = value === null ? '–' : write(value);
      const spread = deviation == null ? own : `${own} ± ${write(deviation)}`;
      return [label, spread, other === null ? '–' : write(other)];
    });
  if (rows.length > 0) {
    const [header, ...lines] = formatTable([['', 'model', guess], ...rows]);
    print(bold('Scores'));
    print(dim(header!));
    for (const line of lines) print(line);
  } else {
    note(
      `note: --metrics ${wanted!.join(',')}: not measured here; there are ${Object.keys(metrics).join(', ')}`,
    );
  }
  const verdict = verdictOf(scores);
  if (verdict !== null) print(`${red('no better')} ${verdict}`);
}

/** A target's scores, and what it is called. */
export type NamedTarget = TargetScores & { readonly name: string };

/** The scores of each of several targets by its name; undefined where there is one. */
export function namedTargets(
  { targets }: Pick<Scores, 'targets'>,
  encoding: TableEncoding | null,
): NamedTarget[] | undefined {
  const names = encoding === null ? [] : labelNames(encoding);
  return targets?.map((scores, at) => ({ name: names[at] ?? String(at + 1), ...scores }));
}

/**
 * Prints how good a model is for each of several targets.
 *
 * @param wanted as for `printMetrics`
 */
export function printTargets(
  targets: readonly NamedTarget[],
  wanted: readonly MetricName[] | null,
): void {
  const { bold, dim } = colorsOf(process.stdout);
  const names = (Object.keys(targets[0]!.metrics) as MetricName[]).filter(
    (name) => wanted === null || wanted.includes(name),
  );
  if (names.length === 0) return;
  const rows = targets.map(({ name, metrics }) => [
    clipText(name, LONGEST_NAME),
    ...names.map((measure) => {
      const value = (metrics as unknown as Record<string, number | null>)[measure] ?? null;
      return value === null ? '–' : MEASURES[measure][1](value);
    }),
  ]);
  const headings = names.map((name) => MEASURES[name][0]);
  const [header, ...lines] = formatTable([['target', ...headings], ...rows]);
  print();
  print(bold('Targets'));
  print(dim(header!));
  for (const line of lines) print(line);
}

/** What a model is not better than, and what to try; null if it is better. */
function verdictOf({ metrics, baseline }: Scores): string | null {
  if (!('accuracy' in metrics) || !('accuracy' in baseline)) {
    if (!('r2' in metrics) || !('rmse' in baseline)) return null;
    // Where an output never changes there is no R², but the mean is right.
    const isBetter = metrics.r2 === null ? metrics.rmse < baseline.rmse : metrics.r2 > 0;
    return isBetter
      ? null
      : 'than always saying the mean: the columns may say nothing of it; try more rows or other columns (--columns, --drop)';
  }
  if (metrics.accuracy > baseline.accuracy || metrics.accuracy === 1) return null;
  if ('subsetAccuracy' in metrics) {
    return 'than always saying the commoner of yes and no: try more rows or other columns (--columns, --drop)';
  }
  const ranks = metrics.rocAuc !== null && metrics.rocAuc > 0.6;
  return ranks
    ? `than always saying the commonest class, though it ranks well (ROC-AUC ${metrics.rocAuc!.toFixed(2)}): try --class-weights balanced`
    : 'than always saying the commonest class: try more rows, other columns (--columns, --drop) or --class-weights balanced';
}
