import { type Dataset, outputsOf } from '../dataset.js';
import { checkItems } from '../layers/items.js';
import { resolve } from '../network/graph.js';
import { checkRecipe } from '../recipe/check-recipe.js';
import type { Recipe } from '../recipe/recipe.js';
import { RECIPES } from '../recipe/recipes.js';
import { checkAsked } from './check-asked.js';
import { checkFit } from './fit.js';

/** Units of the one hidden layer where a recipe's layers do not fit the data. */
const HIDDEN_WIDTH = 32;

/**
 * What an optimiser needs that a recipe made for another one does not say: rates at which each
 * usually learns (a momentum of 0.9 makes steps ten times as long; Adam's are its authors'), and for
 * adamw a decay, without which it is adam.
 */
const OPTIMIZER_DEFAULTS: Readonly<Record<Recipe['optimizer'], Partial<Recipe>>> = {
  sgd: { learningRate: 0.2 },
  momentum: { learningRate: 0.02 },
  nesterov: { learningRate: 0.02 },
  adam: { learningRate: 0.001 },
  adamw: { learningRate: 0.001, weightDecay: 0.01, l2: 0 },
};

/**
 * Changes some fields of a recipe. Another optimiser brings its own usual rate along, unless
 * `changes` has one: 0.2 for sgd, 0.02 for momentum and nesterov, 0.001 for adam and adamw, whose
 * weightDecay becomes 0.01.
 *
 * @throws RecipeError at the first field that is not valid
 */
export function changeRecipe(base: Recipe, changes: Partial<Recipe>): Recipe {
  const { optimizer = base.optimizer } = changes;
  const usual =
    optimizer === base.optimizer ? {} : { weightDecay: 0, ...OPTIMIZER_DEFAULTS[optimizer] };
  return checkRecipe({ ...base, ...usual, ...changes });
}

/**
 * Makes a recipe for a data set. What `changes` says holds; what it leaves open comes from `base`,
 * where that fits the data and the optimiser, and otherwise becomes what is usual: one hidden layer
 * of 32, tables as they are and standardised, the optimiser's own rate.
 *
 * @param base the recipe `mnist` if left out
 * @throws RecipeError at the first field that is not valid, does not fit the data, or was asked for
 *   though it decides nothing
 */
export function recipeFor(
  dataset: Dataset,
  changes: Partial<Recipe> = {},
  base: Recipe = RECIPES.mnist!,
): Recipe {
  const { features, inputs, image, values } = dataset;
  const outputs = outputsOf(dataset);
  const isTable = !(inputs instanceof Uint8Array);
  const { layers } = { ...base, ...changes };
  const fits = fitsData(layers, features, outputs);
  const recipe = changeRecipe(base, {
    ...(fits ? {} : { layers: [features, HIDDEN_WIDTH, outputs] }),
    ...(isTable ? { preprocess: 'none', standardize: true } : {}),
    ...(isTable || image === null ? { augment: 'none' } : {}),
    ...(values ? { loss: 'squared-error' } : {}),
    ...changes,
  });
  checkFit(recipe, dataset);
  checkAsked(recipe, changes);
  return recipe;
}

/** Whether layers that may still be wrong take these features and give these outputs. */
function fitsData(layers: Recipe['layers'], features: number, outputs: number): boolean {
  try {
    const graph = resolve({ ...RECIPES.mnist, layers: checkItems(layers) });
    return graph.features === features && graph.outputs === outputs;
  } catch {
    return false;
  }
}
