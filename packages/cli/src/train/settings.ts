import { RECIPE_FIELDS, type Recipe, type RecipeField, recipeText } from '@bitgrad/core';
import { kebab, suggest } from '../suggest.js';

/** An option of `train` that sets one field of the recipe. */
export interface Setting {
  readonly option: string;
  readonly field: keyof Recipe;
  readonly group: string;
  readonly describe: string;
  /** See the recipe's text forms. */
  readonly parse: (text: string) => unknown;
  /** Whether the option may stand without a value. */
  readonly isFlag: boolean;
  /** What people write for null. */
  readonly nullWord: string | undefined;
  /** What the help says of the default, where the recipe's value alone would mislead. */
  readonly usual: string | undefined;
  /** A recipe's value as one would type it. */
  readonly textIn: (recipe: Recipe) => string;
}

/** One for each field of a recipe that has an option, in the order of a recipe. */
export const SETTINGS: readonly Setting[] = RECIPE_FIELDS.flatMap((field) => settingOf(field));

function settingOf(field: RecipeField): Setting[] {
  const { name, text, option } = field;
  if (option === null) return [];
  const { parse, nullWord, isFlag = false } = text;
  return [
    {
      option: option.name,
      field: name,
      group: `${option.group}:`,
      describe: isFlag ? `${option.describe} (--no-${option.name}: not)` : option.describe,
      parse,
      isFlag,
      nullWord,
      usual: option.usual,
      textIn: (recipe) => recipeText(field, recipe),
    },
  ];
}

/**
 * The option that somebody who wrote `word` probably meant. The library's names for the settings,
 * as in `learningRate`, lead to their options.
 *
 * @param known the options that there are
 */
export function suggestOption(word: string, known: readonly string[]): string | undefined {
  const synonyms = new Map(
    SETTINGS.filter(({ option }) => known.includes(option)).map(({ field, option }) => [
      kebab(field),
      option,
    ]),
  );
  const meant = suggest(kebab(word), [...known, ...synonyms.keys()]);
  return meant === undefined ? undefined : (synonyms.get(meant) ?? meant);
}
