import { type Dataset, type Recipe, splitDataset } from '@bitgrad/core';
import { clipText } from '../format.js';

const MOST_NAMES = 5;
const LONGEST_NAME = 24;

/** Which classes a part of a split lacks, in words: they are not learnt, or not judged. */
export function lackingNotes(dataset: Dataset, recipe: Recipe): string[] {
  const { labels, classes, classNames, inputs } = dataset;
  // Who takes a few of many pictures knows that they are few.
  const isSample = inputs instanceof Uint8Array && recipe.subset !== null;
  if (classes === 0 || isSample) return [];
  const { train, test } = splitDataset(dataset, recipe);
  const held = new Set(labels);
  const lacking = (part: Uint32Array): string[] => {
    const own = new Set(Array.from(part, (sample) => labels[sample]!));
    const names = Array.from(held).filter((label) => part.length > 0 && !own.has(label));
    return names.sort((a, b) => a - b).map((label) => classNames?.[label] ?? String(label));
  };
  const [unlearnt, unjudged] = [lacking(train), lacking(test)];
  return [
    ...(unlearnt.length === 0
      ? []
      : [`no training sample is of ${listed(unlearnt)}: the model will not learn to say it`]),
    ...(unjudged.length === 0
      ? []
      : [`no test sample is of ${listed(unjudged)}: the scores say nothing of it`]),
  ];
}

/**
 * The same of all folds of a cross-validation, with in how many of them it is so: first what is not learnt, then what is so in most.
 *
 * @param recipes one a fold
 */
export function lackingInFolds(dataset: Dataset, recipes: readonly Recipe[]): string[] {
  const counts = new Map<string, number>();
  for (const recipe of recipes) {
    for (const line of lackingNotes(dataset, recipe)) counts.set(line, (counts.get(line) ?? 0) + 1);
  }
  const lines = [...counts]
    .sort(([one, a], [other, b]) => rankOf(other) - rankOf(one) || b - a)
    .map(([line, count]) => `in ${count} of ${recipes.length} folds ${line}`);
  const hidden = lines.length - MOST_NAMES;
  return hidden <= 1 ? lines : [...lines.slice(0, MOST_NAMES), `so it is of ${hidden} more`];
}

const rankOf = (line: string): number => Number(line.startsWith('no training'));

function listed(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMES).map((name) => clipText(name, LONGEST_NAME));
  const hidden = names.length - shown.length;
  const what = names.length === 1 ? 'class' : 'the classes';
  return `${what} ${shown.join(', ')}${hidden > 0 ? ` and ${hidden} more` : ''}`;
}
