import { checkRecipe, RECIPES, type Recipe, RecipeError } from '@bitgrad/core';

/**
 * The fields of a recipe that the page offers, each with the name that the command line has for it:
 * the same words make a command, a share link and a form.
 */
export interface Setting {
  readonly field: keyof Recipe;
  /** The option of `bitgrad train`, and the key in a share link. */
  readonly option: string;
  readonly parse: (text: string) => unknown;
}

/** A text that stands for no number is left as it is: the check of the recipe says what it expected. */
const number = (text: string): unknown =>
  text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text);
const numbers = (text: string): unknown => text.split(',').map((part) => number(part));
const text = (value: string): unknown => value;
const orNull =
  (word: string, parse: (value: string) => unknown) =>
  (value: string): unknown =>
    value === word ? null : parse(value);

export const SETTINGS: readonly Setting[] = [
  { field: 'subset', option: 'subset', parse: orNull('all', number) },
  { field: 'split', option: 'split', parse: orNull('none', numbers) },
  { field: 'preprocess', option: 'preprocess', parse: text },
  { field: 'augment', option: 'augment', parse: text },
  { field: 'layers', option: 'layers', parse: numbers },
  { field: 'activation', option: 'activation', parse: text },
  { field: 'outputActivation', option: 'output-activation', parse: text },
  { field: 'initializer', option: 'init', parse: text },
  { field: 'learningRate', option: 'lr', parse: number },
  { field: 'schedule', option: 'lr-schedule', parse: text },
  { field: 'l2', option: 'l2', parse: number },
  { field: 'batchSize', option: 'batch-size', parse: number },
  { field: 'epochs', option: 'epochs', parse: number },
  { field: 'seed', option: 'seed', parse: number },
];

/** A field's value as one would type it. */
export function settingText({ field }: Setting, recipe: Recipe): string {
  const value = recipe[field];
  if (value === null) return field === 'subset' ? 'all' : 'none';
  return String(value);
}

/** The settings in which a recipe differs from the named one that it came from, as texts. */
export function changedSettings(recipe: Recipe): { option: string; value: string }[] {
  const base = RECIPES[recipe.name] ?? RECIPES.mnist!;
  return SETTINGS.map((setting) => ({
    option: setting.option,
    value: settingText(setting, recipe),
    original: settingText(setting, base),
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
    throw new RecipeError('name', `expected ${Object.keys(RECIPES).join(', ')}, received ${name}`);
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
  if (recipe.layers[0] !== 784 || recipe.layers.at(-1) !== 10)
    return {
      field: 'layers',
      problem: 'expected 784 inputs and 10 outputs, which is what MNIST has',
    };
  if (recipe.preprocess === 'none')
    return {
      field: 'preprocess',
      problem: 'expected binarize or scale, because MNIST holds bytes',
    };
  return null;
}
