import {
  checkRecipe,
  RECIPE_FIELDS,
  RECIPES,
  type Recipe,
  RecipeError,
  recipeText,
  show,
} from '@bitgrad/core';
import { networkProblem } from '../worker/network-problem.js';

/** The fields of a recipe that the page offers. */
const OFFERED: readonly (keyof Recipe)[] = [
  'subset',
  'split',
  'preprocess',
  'augment',
  'layers',
  'activation',
  'outputActivation',
  'initializer',
  'learningRate',
  'schedule',
  'l2',
  'batchSize',
  'epochs',
  'seed',
];

/**
 * A field that the page offers, with the name that the command line has for it: the same words make
 * a command, a share link and a form.
 */
export interface Setting {
  readonly field: keyof Recipe;
  /** The option of `bitgrad train`, and the key in a share link. */
  readonly option: string;
  readonly parse: (text: string) => unknown;
  /** A recipe's value as one would type it. */
  readonly textIn: (recipe: Recipe) => string;
}

export const SETTINGS: readonly Setting[] = RECIPE_FIELDS.flatMap((field) => {
  const { name, text, option } = field;
  if (option === null || !OFFERED.includes(name)) return [];
  const textIn = (recipe: Recipe): string => recipeText(field, recipe);
  return [{ field: name, option: option.name, parse: text.parse, textIn }];
});

/** The settings in which a recipe differs from the named one that it came from, as texts. */
export function changedSettings(recipe: Recipe): { option: string; value: string }[] {
  const base = RECIPES[recipe.name] ?? RECIPES.mnist!;
  return SETTINGS.map(({ option, textIn }) => ({
    option,
    value: textIn(recipe),
    original: textIn(base),
  }))
    .filter(({ value, original }) => value !== original)
    .map(({ option, value }) => ({ option, value }));
}

/** The command that gives the same weights. */
export function trainCommand(recipe: Recipe): string {
  const options = changedSettings(recipe).map(({ option, value }) => `--${option} ${value}`);
  return ['bitgrad train', `--recipe ${recipe.name}`, ...options].join(' ');
}

/**
 * The recipe that some texts, by option, make of a named one.
 *
 * @throws BitgradError at the first that is unknown or not valid
 */
export function recipeFrom(name: string, values: ReadonlyMap<string, string>): Recipe {
  const base = Object.hasOwn(RECIPES, name) ? RECIPES[name] : undefined;
  if (base === undefined)
    throw new RecipeError(
      'name',
      `expected ${Object.keys(RECIPES).join(', ')}, received ${show(name)}`,
    );
  const recipe: Record<string, unknown> = { ...base };
  for (const setting of SETTINGS) {
    const value = values.get(setting.option);
    if (value !== undefined) recipe[setting.field] = setting.parse(value);
  }
  return checkRecipe(recipe as unknown as Recipe);
}

/** What is wrong with a recipe, by field, or null. The page only has MNIST, so its ends are fixed. */
export function recipeProblem(recipe: Recipe): { field: keyof Recipe; problem: string } | null {
  try {
    checkRecipe(recipe);
  } catch (error) {
    if (error instanceof RecipeError) return { field: error.field, problem: error.problem };
    throw error;
  }
  return networkProblem(recipe);
}
