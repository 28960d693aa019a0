import { RECIPES, type Recipe, show } from '@bitgrad/core';
import { suggest } from '../suggest.js';
import { UsageError } from '../usage-error.js';

/** The recipes' names, in words: `mnist, seed or listing`. */
export const RECIPE_NAMES = Object.keys(RECIPES)
  .join(', ')
  .replace(/, ([^,]*)$/, ' or $1');

/** @throws UsageError, with a suggestion, if there is no recipe of this name */
export function findRecipe(name: string, where: string): Recipe {
  if (Object.hasOwn(RECIPES, name)) return RECIPES[name]!;
  const meant = suggest(name, Object.keys(RECIPES));
  throw new UsageError(
    `${where}: expected ${RECIPE_NAMES}, received ${show(name)}`,
    meant === undefined ? undefined : `did you mean ${meant}?`,
  );
}
