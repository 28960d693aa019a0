import { layersText } from '../layers/text.js';
import { keepsValidation } from '../recipe/check-recipe.js';
import { type Recipe, RecipeError } from '../recipe/recipe.js';

/** What to expect of a field that decides nothing in a recipe, and why; null where it decides something. */
type Objection = (recipe: Recipe) => string | null;

const unlessHidden: Objection = ({ layers }) =>
  layers.length > 2 ? null : `expected none, because ${layersText(layers)} has no hidden layer`;

/** Of the fields that decide something only beside others, in the order in which a recipe is written. */
const OBJECTIONS: Readonly<Partial<Record<keyof Recipe, Objection>>> = {
  activation: unlessHidden,
  momentum: ({ optimizer }) =>
    optimizer === 'momentum' || optimizer === 'nesterov'
      ? null
      : `expected none with ${optimizer}, because only momentum and nesterov have one`,
  dropout: (recipe) => (recipe.dropout === 0 ? null : unlessHidden(recipe)),
  shards: ({ shards, batchSize }) =>
    shards <= batchSize
      ? null
      : `expected at most ${batchSize}, the samples of a step, received ${shards}`,
  trainOnValidation: (recipe) =>
    !recipe.trainOnValidation || keepsValidation(recipe)
      ? null
      : 'expected false, because no validation samples are kept apart (split)',
};

/**
 * Refuses what somebody asked for though it decides nothing, so that nobody believes that it did. A
 * recipe may well hold it, as every recipe has a momentum.
 *
 * @param changes the fields that were asked for
 * @throws RecipeError at the first field that decides nothing
 */
export function checkAsked(recipe: Recipe, changes: Partial<Recipe>): void {
  for (const [field, objection] of Object.entries(OBJECTIONS) as [keyof Recipe, Objection][]) {
    const problem = changes[field] === undefined ? null : objection(recipe);
    if (problem !== null) throw new RecipeError(field, problem);
  }
}
