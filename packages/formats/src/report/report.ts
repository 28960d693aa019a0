import {
  type EpochReport,
  type Evaluation,
  layersText,
  type Model,
  type Receipt,
} from '@bitgrad/core';
import type { Mistake } from './find-mistakes.js';
import type { Importance } from './importance.js';
import type { NumberResult } from './number-results.js';
import type { Filters } from './read-filters.js';

/** What a report of a training shows. */
export interface Report {
  readonly receipt: Receipt;
  /** In order; those of a training that was resumed may begin later than at 1. */
  readonly epochs: readonly Pick<
    EpochReport,
    'epoch' | 'loss' | 'validationLoss' | 'validationAccuracy'
  >[];
  /** On the test samples; null where there are none. */
  readonly evaluation: Evaluation | null;
  /** The worst first; see `findMistakes`. */
  readonly worst: readonly Mistake[];
  readonly classNames: readonly string[] | null;
  /** Of a convolutional network; see `readFilters`. */
  readonly filters?: Filters | null;
  /** How a table's columns are called, and what of them was learnt. */
  readonly encoding?: Model['encoding'];
  /** Of numbers on the test samples, one a target; see `numberResults`. */
  readonly numbers?: readonly NumberResult[];
  /** Of a table's columns; see `permutationImportance`. */
  readonly importance?: Importance | null;
}

/** The number that the report begins with, and what it is. */
export function headlineOf({ receipt, evaluation }: Report): { value: string; meaning: string } {
  const { testAccuracy, testLoss, dataset, recipe } = receipt;
  const accuracy = evaluation?.accuracy ?? testAccuracy;
  const loss = evaluation?.loss ?? testLoss;
  const samples = formatCount(evaluation?.samples ?? dataset.test);
  if (accuracy !== null) {
    return { value: formatPercent(accuracy, 2), meaning: `of ${samples} test samples are right` };
  }
  const { metrics } = receipt;
  if (metrics && 'accuracy' in metrics) {
    const share = formatPercent(metrics.accuracy, 2);
    return { value: share, meaning: `of the labels of ${samples} test samples are right` };
  }
  if (metrics && metrics.r2 !== null) {
    return { value: metrics.r2.toFixed(3), meaning: `R² on ${samples} test samples` };
  }
  if (loss !== null) {
    return { value: formatNumber(loss), meaning: `${recipe.loss} on ${samples} test samples` };
  }
  return { value: `${receipt.epochs.length}`, meaning: 'epochs, no test samples' };
}

/** The network and its training in one line. */
export function summaryOf({ receipt: { dataset, recipe, epochs } }: Report): string {
  const trained = `${formatCount(dataset.train)} samples of ${dataset.name}`;
  const network = `layers ${layersText(recipe.layers).replaceAll(',', ', ')}`;
  return `${network} · ${trained} · ${epochs.length} ${epochs.length === 1 ? 'epoch' : 'epochs'} · recipe ${recipe.name}`;
}

/** A receipt's recipe, as names and values for people. */
export function settingsOf({ receipt }: Pick<Report, 'receipt'>): [name: string, value: string][] {
  return Object.entries(receipt.recipe).map(([field, value]) => [
    field.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`),
    field === 'layers' ? layersText(receipt.recipe.layers) : describeValue(value),
  ]);
}

function describeValue(value: unknown): string {
  if (value === null) return 'none';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return Array.isArray(value) ? value.join(', ') : String(value);
}

/** The digests that tell this training from any other. */
export function digestsOf({ receipt }: Pick<Report, 'receipt'>): [name: string, value: string][] {
  const state = receipt.states?.at(-1);
  return [
    ['weights', receipt.weightsSha256],
    ['data', receipt.dataset.sha256],
    ...(state === undefined ? [] : [['state', state] as [string, string]]),
  ];
}

/** What classes are called: their names, or their numbers. */
export function nameOfClass(classNames: readonly string[] | null, index: number): string {
  return classNames?.[index] ?? String(index);
}

/** Groups of three digits with commas, whatever the machine's language. */
export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

export function formatPercent(fraction: number, decimals: number): string {
  return `${(100 * fraction).toFixed(decimals)} %`;
}

/** Four digits that matter. */
export function formatNumber(value: number): string {
  return String(Number(value.toPrecision(4)));
}
