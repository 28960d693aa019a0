import type { Dataset } from '../dataset.js';
import type { Recipe } from '../recipe/recipe.js';
import { type Fractions, partsOf } from '../recipe/split-field.js';

/** Parts of data that bring no test part: to learn from, to watch by, to judge by. */
const USUAL_SPLIT: Fractions = [0.7, 0.15, 0.15];
/** Of the training samples beside a test part, for a recipe that watches its validation loss. */
const USUAL_VALIDATION = 0.15;

/**
 * How a data set is cut where nobody said it: no model is judged by samples that it learnt from, and
 * every part gets its share of each class.
 *
 * @param changes what somebody asked for
 */
export function usualParts(
  dataset: Dataset,
  base: Recipe,
  changes: Partial<Recipe>,
): Pick<Recipe, 'split' | 'stratify' | 'validation'> {
  const { split = usualSplit(dataset, base, changes) } = changes;
  const watches = { ...base, ...changes }.patience !== null;
  const validation = split === null && watches ? USUAL_VALIDATION : 0;
  const isAtRandom = split === null ? validation > 0 : !partsOf(split).keepsOrder;
  const isOurs = isTableRecipe(base) || (changes.split === undefined && base.split === null);
  const stratify = isOurs ? isAtRandom && dataset.values === undefined : base.stratify;
  return { split, validation, stratify };
}

function usualSplit(
  { testCount }: Dataset,
  base: Recipe,
  { fold }: Partial<Recipe>,
): Recipe['split'] {
  const cutsAll = testCount === 0 || (fold !== undefined && fold !== null);
  if (cutsAll) return base.split ?? USUAL_SPLIT;
  return isTableRecipe(base) || base.name === 'images' ? null : base.split;
}

/** Whether a recipe's sizes become the data's. */
export function isTableRecipe({ name }: Pick<Recipe, 'name'>): boolean {
  return name === 'table' || name === 'table-regression';
}
