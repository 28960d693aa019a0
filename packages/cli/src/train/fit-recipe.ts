import { type Dataset, layersText, outputsOf, type Recipe, recipeFor } from '@bitgrad/core';
import { columnNotes } from '../data/columns.js';
import { plural } from '../format.js';

/** A recipe that fits a data set, what had to change for that, and what to know of the data. */
export interface Fitted {
  readonly recipe: Recipe;
  /** For people, one a change. */
  readonly notes: readonly string[];
}

/**
 * Fits what a recipe says by default to the data and the optimizer: recipes are made for images of
 * digits. What somebody asked for stays as it is.
 *
 * @param base the recipe that was named
 * @param changes the fields that somebody asked for
 */
export function fitRecipe(base: Recipe, changes: Partial<Recipe>, dataset: Dataset): Fitted {
  const recipe = recipeFor(dataset, changes, base);
  const asked = { ...base, ...changes };
  const notes = Object.entries(reasonsFor(recipe, dataset))
    .filter(([field]) => isChanged(recipe[field as keyof Recipe], asked[field as keyof Recipe]))
    .map(([, reason]) => reason);
  return { recipe, notes: [...notes, ...columnNotes(dataset)] };
}

const isChanged = (value: unknown, asked: unknown): boolean =>
  JSON.stringify(value) !== JSON.stringify(asked);

/** For each field that may change, what it became and why. */
function reasonsFor(recipe: Recipe, dataset: Dataset): Partial<Record<keyof Recipe, string>> {
  const { name, features, values, classes } = dataset;
  const { layers, optimizer, learningRate, weightDecay, l2 } = recipe;
  const what = values ? plural(outputsOf(dataset), 'output') : `${classes} classes`;
  return {
    layers: `layers ${layersText(layers)}, because ${name} has ${plural(features, 'feature')} and ${what}`,
    preprocess: `preprocess none, because ${name} holds numbers, not pixels`,
    standardize: 'standardize, as is usual for a table (--no-standardize: not)',
    augment: `augment none, because ${name} has no images`,
    learningRate: `lr ${learningRate}, as is usual for ${optimizer}`,
    weightDecay: `weight-decay ${weightDecay}, as is usual for ${optimizer}`,
    l2: `l2 ${l2}, because ${optimizer} has weight-decay instead`,
  };
}
