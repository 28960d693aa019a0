import { weightsSha256 } from '../file/digest.js';
import { layersText } from '../layers/text.js';
import type { Model } from '../network/model.js';
import { initialParameters } from '../network/parameters.js';
import { type Recipe, RecipeError, startDigest } from '../recipe/recipe.js';

/** A recipe that begins from a model's weights, which it names by their digest. */
export async function startingFrom<Fields extends Pick<Recipe, 'initializer'>>(
  recipe: Fields,
  start: Model,
): Promise<Fields> {
  return { ...recipe, initializer: `model:${await weightsSha256(start.parameters)}` };
}

/**
 * The parameters that a recipe begins with: drawn at random, or those of a model.
 *
 * @param start the model, if the recipe names one
 * @throws RecipeError if the model is missing, is another one, or has other layers
 */
export async function firstParameters(
  recipe: Recipe,
  start: Model | undefined,
): Promise<Float32Array> {
  const digest = startDigest(recipe.initializer);
  if (digest === null) {
    if (start === undefined) return initialParameters(recipe, recipe.initializer, recipe.seed);
    throw new RecipeError(
      'initializer',
      `expected model: and the digest of the model to start from, received ${recipe.initializer}`,
    );
  }
  const received = start === undefined ? 'none' : await weightsSha256(start.parameters);
  if (start === undefined || received !== digest) {
    throw new RecipeError(
      'initializer',
      `expected a model to start from whose weights have SHA-256 ${digest}, received ${received}`,
    );
  }
  const [expected, given] = [layersText(start.recipe.layers), layersText(recipe.layers)];
  if (expected !== given) {
    throw new RecipeError(
      'layers',
      `expected ${expected}, those of the model to start from, received ${given}`,
    );
  }
  return start.parameters;
}
