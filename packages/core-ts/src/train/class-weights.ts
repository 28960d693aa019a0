import { CategoryIndex } from '../data/categories.js';
import { TABLE_RULES } from '../data/encoding.js';
import type { Dataset } from '../dataset.js';
import { show } from '../errors.js';
import type { Recipe } from '../recipe/recipe.js';
import { RecipeError } from '../recipe/recipe.js';

/** Weights by the names of classes, or by their numbers where they have no names; others weigh 1. */
export type WeightsByName = Readonly<Record<string, number>>;

const MOST_SHOWN = 6;

/**
 * Class weights as a recipe has them: those by names become a list in the order of the classes.
 *
 * @throws RecipeError if the data have no classes, or none of a name
 */
export function completeClassWeights(
  weights: Recipe['classWeights'] | WeightsByName,
  { name, classes, classNames, encoding }: Dataset,
): Recipe['classWeights'] {
  if (typeof weights === 'string' || isList(weights)) return weights;
  if (classes === 0) {
    throw new RecipeError('classWeights', `expected none, because ${name} has no classes`);
  }
  const names = classNames ?? Array.from({ length: classes }, (_, label) => String(label));
  const index = new CategoryIndex(names, TABLE_RULES, encoding?.decimal ?? '.');
  const list = new Array<number>(classes).fill(1);
  for (const [wanted, weight] of Object.entries(weights)) {
    const label = index.find(wanted);
    if (label === undefined) {
      const more = names.length > MOST_SHOWN ? ', …' : '';
      throw new RecipeError(
        'classWeights',
        `expected classes of ${name} (${names.slice(0, MOST_SHOWN).map(show).join(', ')}${more}), received ${show(wanted)}`,
      );
    }
    list[label] = weight;
  }
  return list;
}

const isList = (weights: object): weights is readonly number[] => Array.isArray(weights);
