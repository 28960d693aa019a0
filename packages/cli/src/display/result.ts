import type { Receipt } from '@bitgrad/core';
import { formatCount, formatLoss, formatPercent } from '../format.js';

/** How good a model is on one of its parts, in words. */
export function describeResult(
  { recipe, dataset, ...results }: Receipt,
  part: 'test' | 'validation',
  emphasize: (text: string) => string = (text) => text,
): string {
  const [accuracy, loss] = [results[`${part}Accuracy`], results[`${part}Loss`]];
  if (loss === null) return `no ${part} samples`;
  const samples = `of ${formatCount(dataset[part])}`;
  if (accuracy !== null) {
    return `${emphasize(formatPercent(accuracy))} ${samples} (loss ${formatLoss(loss)})`;
  }
  return `loss ${emphasize(formatLoss(loss))} ${samples} (${recipe.loss})`;
}
