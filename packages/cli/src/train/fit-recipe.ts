import { type Dataset, outputsOf, type Recipe } from '@bitgrad/core';
import { plural } from '../format.js';

/** Units of the one hidden layer where a recipe's layers do not fit. */
const HIDDEN_WIDTH = 32;

/** A recipe that fits a data set, and what had to change for that. */
export interface Fitted {
  readonly recipe: Recipe;
  /** For people, one a change. */
  readonly notes: readonly string[];
}

/**
 * Fits what a recipe says by default to the data: recipes are made for images of digits. What
 * somebody asked for stays as it is.
 *
 * @param given the fields that somebody asked for
 */
export function fitRecipe(
  recipe: Recipe,
  given: ReadonlySet<keyof Recipe>,
  dataset: Dataset,
): Fitted {
  const { name, features, inputs, image } = dataset;
  const outputs = outputsOf(dataset);
  const { layers } = recipe;
  const isTable = !(inputs instanceof Uint8Array);
  const notes: string[] = [];
  let fitted = recipe;
  const change = <F extends keyof Recipe>(field: F, value: Recipe[F], note: string): void => {
    if (given.has(field) || String(recipe[field]) === String(value)) return;
    fitted = { ...fitted, [field]: value };
    notes.push(note);
  };
  if (layers[0] !== features || layers.at(-1) !== outputs) {
    const widths = [features, HIDDEN_WIDTH, outputs];
    const what = dataset.values ? plural(outputs, 'output') : `${outputs} classes`;
    const sizes = `${plural(features, 'feature')} and ${what}`;
    change('layers', widths, `layers ${widths}, because ${name} has ${sizes}`);
  }
  if (isTable) {
    change('preprocess', 'none', `preprocess none, because ${name} holds numbers, not pixels`);
    change('standardize', true, 'standardize, as is usual for a table (--no-standardize: not)');
  }
  if (isTable || image === null) {
    change('augment', 'none', `augment none, because ${name} has no images`);
  }
  return { recipe: fitted, notes };
}
