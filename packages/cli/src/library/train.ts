import {
  BitgradError,
  completeClassWeights,
  completeLayers,
  type Dataset,
  parseLayers,
  RECIPES,
  type Recipe,
  RecipeError,
  recipeForInTurns,
  type SavedModel,
  show,
  taskOf,
  train as trainRecipe,
} from '@bitgrad/core';
import { LOAD_OPTIONS, type LoadOptions } from '@bitgrad/formats/table';
import { platform } from '#platform';
import { backendOf } from './backend.js';
import { checkOptions } from './check-options.js';
import { type Data, datasetOf } from './data.js';
import { loadOptionsLike } from './like.js';
import { type ClassPrediction, type LabelsPrediction, Model } from './model.js';
import type { TrainOptions } from './options.js';

/** What a model says of a sample, by how it was trained. */
export type OutputOf<Options> = Options extends { readonly loss: 'squared-error' }
  ? number
  : Options extends { readonly loss: 'binary-cross-entropy' }
    ? LabelsPrediction
    : ClassPrediction;

/**
 * Trains a network on data: one call from what you have to a model.
 *
 * @param data a path, a URL, a Blob, CSV text, rows, typed arrays, an async iterable of rows
 * @param options the recipe's fields under their own names, what to learn (`label`), and the rest
 * @returns the trained model; close it when done, or say `await using`
 * @throws BitgradError where data or options are not valid or do not fit; AbortedError if the signal
 *   ended the training
 */
export async function train<const Options extends TrainOptions>(
  data: Data,
  options?: Options,
): Promise<Model<OutputOf<Options>>> {
  checkOptions(options ?? {});
  const { load, fields, rest } = sortOptions(options ?? {});
  const start = rest.start instanceof Model ? rest.start.saved : rest.start;
  const follow = start === undefined ? {} : loadOptionsLike(start);
  const loss = fields.loss ?? start?.recipe.loss;
  const { signal, onEpoch, onProgress } = rest;
  const task = loss === undefined ? 'auto' : taskOf({ loss });
  const dataset = await datasetOf(data, { ...follow, task, ...load }, signal);
  const backend = await backendOf(rest.backend);
  const trained = await trainRecipe({
    recipe: await fittingRecipe(dataset, fields, rest.recipe, start),
    dataset,
    backend,
    start,
    signal,
    onProgress,
    onEpoch,
  });
  const run = { ...trained.run, versions: await platform.versions() };
  return new Model({ ...trained, run }, backend, dataset.notes);
}

function fittingRecipe(
  dataset: Dataset,
  fields: Partial<Recipe>,
  named: TrainOptions['recipe'],
  start: SavedModel | undefined,
): Promise<Recipe> {
  // A recipe for tables chooses layers by the data.
  const { classWeights } = fields;
  const layers: unknown = fields.layers;
  const items = typeof layers === 'string' ? layersIn(layers) : fields.layers;
  const changes: Partial<Recipe> = {
    ...(start ? { layers: start.recipe.layers } : {}),
    ...fields,
    ...(Array.isArray(items) ? { layers: completeLayers(items, dataset) } : {}),
    ...(classWeights ? { classWeights: completeClassWeights(classWeights, dataset) } : {}),
  };
  return recipeForInTurns(dataset, changes, baseOf(named) ?? start?.recipe);
}

/** @throws RecipeError at a word that is no layer */
function layersIn(text: string): Recipe['layers'] {
  try {
    return parseLayers(text);
  } catch (error) {
    throw error instanceof BitgradError ? new RecipeError('layers', error.message) : error;
  }
}

function baseOf(named: TrainOptions['recipe']): Recipe | undefined {
  if (typeof named !== 'string') return named;
  if (Object.hasOwn(RECIPES, named)) return RECIPES[named];
  throw new BitgradError(
    `recipe: expected ${Object.keys(RECIPES).join(', ')} or a whole recipe, received ${show(named)}`,
  );
}

const OTHER_OPTIONS: readonly string[] = [
  'recipe',
  'backend',
  'start',
  'onEpoch',
  'onProgress',
  'signal',
] satisfies (keyof TrainOptions)[];

/** Tells a recipe's fields, which the recipe's check knows by name, from the rest. */
function sortOptions(options: TrainOptions): {
  readonly load: LoadOptions;
  readonly fields: Partial<Recipe>;
  readonly rest: TrainOptions;
} {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const pick = (isWanted: (name: string) => boolean): object =>
    Object.fromEntries(given.filter(([name]) => isWanted(name)));
  const isField = (name: string) => !LOAD_OPTIONS.includes(name) && !OTHER_OPTIONS.includes(name);
  return {
    load: pick((name) => LOAD_OPTIONS.includes(name)),
    fields: pick(isField),
    rest: pick((name) => OTHER_OPTIONS.includes(name)),
  };
}
