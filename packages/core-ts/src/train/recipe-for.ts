import { type Dataset, outputsOf } from '../dataset.js';
import { checkItems } from '../layers/items.js';
import { resolve } from '../network/graph.js';
import { checkFields, checkRecipe } from '../recipe/check-recipe.js';
import type { Recipe } from '../recipe/recipe.js';
import { RECIPES } from '../recipe/recipes.js';
import { atOnce, inTurns, type Pieces } from '../turns.js';
import { checkAsked } from './check-asked.js';
import { stepsPerEpoch } from './epoch-plan.js';
import { checkFit } from './fit.js';
import { isInk } from './ink.js';
import { splitting } from './split.js';
import { tableSettings } from './table-settings.js';
import { isTableRecipe, usualParts } from './usual-parts.js';

/** In smaller images there is nothing for convolutions to find. */
const LEAST_SIDE = 16;

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
 * The recipe for data of a kind where none is named: `mnist` for its digits, others like them and tiny
 * images, `images` for other images in bytes, and recipes for tables.
 */
export function usualRecipe(dataset: Dataset): Recipe {
  const { name, inputs, values, image } = dataset;
  if (inputs instanceof Uint8Array) {
    if (image === null || name === 'mnist' || values) return RECIPES.mnist;
    const isSmall = Math.min(image.height, image.width) < LEAST_SIDE;
    const isDigit = image.height === 28 && image.width === 28 && isInk(inputs, image);
    return isSmall || isDigit ? RECIPES.mnist : RECIPES.images;
  }
  return usualLoss(dataset) === 'squared-error' ? RECIPES['table-regression'] : RECIPES.table;
}

/**
 * Makes a recipe for a data set. What `changes` says holds; what it leaves open comes from `base`,
 * where that fits the data and the optimiser, and otherwise becomes what is usual: one hidden layer
 * of 32 (the recipes for tables choose by the data's size), tables standardised, the optimiser's own
 * rate, and a test part and a validation part where the data bring none.
 *
 * @param base the usual recipe for such data if left out
 * @throws RecipeError at the first field that is not valid, does not fit the data, or was asked for
 *   though it decides nothing
 */
export function recipeFor(
  dataset: Dataset,
  changes: Partial<Recipe> = {},
  base: Recipe = usualRecipe(dataset),
): Recipe {
  return atOnce(fitting(dataset, changes, base));
}

/** The same, between turns of the event loop: to split many samples takes milliseconds. */
export function recipeForInTurns(
  dataset: Dataset,
  changes: Partial<Recipe> = {},
  base: Recipe = usualRecipe(dataset),
): Promise<Recipe> {
  return inTurns(fitting(dataset, changes, base));
}

function* fitting(dataset: Dataset, changes: Partial<Recipe>, base: Recipe): Pieces<Recipe> {
  checkFields(changes);
  const usual = {
    ...usualParts(dataset, base, changes),
    ...usualInputs(dataset, base, changes),
    ...usualTargets(dataset, changes),
  };
  yield;
  const sizes = yield* usualSizes(dataset, base, { ...base, ...usual, ...changes }, changes);
  const recipe = yield* shorterWarmup(
    changeRecipe(base, { ...usual, ...sizes, ...changes }),
    dataset,
    changes,
  );
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

/** A recipe's convolutions between other ends, where they fit the images; else one hidden layer. */
function otherLayers(layers: Recipe['layers'], dataset: Dataset): Recipe['layers'] {
  const { features, image } = dataset;
  const outputs = outputsOf(dataset);
  if (image !== null && Array.isArray(layers[0])) {
    const { height, width, channels = 1 } = image;
    const moved = [[height, width, channels] as const, ...layers.slice(1, -1), outputs];
    if (fitsData(moved, features, outputs)) return moved;
  }
  return [features, HIDDEN_WIDTH, outputs];
}

function usualInputs(dataset: Dataset, base: Recipe, changes: Partial<Recipe>): Partial<Recipe> {
  const { features, inputs, image } = dataset;
  const outputs = outputsOf(dataset);
  const isTable = !(inputs instanceof Uint8Array);
  const { layers } = { ...base, ...changes };
  const fits = fitsData(layers, features, outputs);
  const isPhotograph = image !== null && inputs instanceof Uint8Array && !isInk(inputs, image);
  return {
    ...(fits ? {} : { layers: otherLayers(base.layers, dataset) }),
    ...(isPhotograph && base.preprocess === 'binarize' ? { preprocess: 'scale' } : {}),
    ...(isTable ? { preprocess: 'none', standardize: base.standardize || true } : {}),
    ...(isTable || image === null ? { augment: 'none' } : {}),
  };
}

function usualTargets(dataset: Dataset, { loss = usualLoss(dataset) }: Partial<Recipe>) {
  return { loss, standardizeTargets: loss === 'squared-error' };
}

/** Where every target is one of two texts, or several are but 0 and 1, their probabilities are learnt. */
function usualLoss(dataset: Dataset): Recipe['loss'] {
  const { values, encoding } = dataset;
  if (values === undefined) return 'cross-entropy';
  const areFlags = encoding?.targets
    ? encoding.targets.every(({ categories }) => categories)
    : outputsOf(dataset) > 1 && values.every((value) => value === 0 || value === 1);
  return areFlags ? 'binary-cross-entropy' : 'squared-error';
}

/** What shows once the samples are split: a recipe's sizes, and whether there is a loss to watch. */
function* usualSizes(
  dataset: Dataset,
  base: Recipe,
  draft: Recipe,
  changes: Partial<Recipe>,
): Pieces<Partial<Recipe>> {
  if (base.name === RECIPES.images.name) {
    return imageSettings((yield* splitting(dataset, draft)).train);
  }
  if (!isTableRecipe(base)) return {};
  const { train, validation } = yield* splitting(dataset, draft);
  const size = {
    samples: train.length,
    features: dataset.features,
    outputs: outputsOf(dataset),
  };
  const isWatched = validation.length > 0 && !draft.trainOnValidation;
  const sizes = tableSettings(size, changes.batchSize);
  return isWatched ? sizes : { ...sizes, patience: null };
}

/** A recipe's warm-up that was not asked for, and is longer than the training, becomes a tenth of it. */
function* shorterWarmup(
  recipe: Recipe,
  dataset: Dataset,
  { warmup }: Partial<Recipe>,
): Pieces<Recipe> {
  if (recipe.warmup === 0 || warmup !== undefined) return recipe;
  const steps = recipe.epochs * stepsPerEpoch(recipe, yield* splitting(dataset, recipe));
  return recipe.warmup <= steps ? recipe : { ...recipe, warmup: Math.floor(steps / 10) };
}

/** Passes over photographs: few need many, and many few. */
function imageSettings({ length }: Uint32Array): Partial<Recipe> {
  return { epochs: Math.max(6, Math.min(40, Math.round(60_000 / length))) };
}
