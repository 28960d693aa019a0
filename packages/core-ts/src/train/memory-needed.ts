import type { Dataset } from '../dataset.js';
import { BitgradError } from '../errors.js';
import { parameterCount } from '../network/parameters.js';
import { LARGEST_ARENA } from '../program/validate.js';
import type { Recipe } from '../recipe/recipe.js';
import { checkFit } from './fit.js';
import { compileRecipe } from './prepare.js';
import { splitDataset } from './split.js';
import { stateSlices } from './state.js';

/** What a training takes of memory, in bytes. */
export interface MemoryNeeded {
  /** The data as the program gathers them, apart from its arena; sessions on the same data share them. */
  readonly samples: number;
  /** What the program works on: weights, gradients, what lies between layers. */
  readonly arena: number;
  /**
   * All at once, at most: samples, arena, the state as after the last epoch and as it is being saved, the
   * parameters as they are looked at and the best so far. Not the data set itself, which is there.
   */
  readonly total: number;
}

/**
 * Works out what a training takes of memory, before anything of it is allocated.
 *
 * @throws RecipeError or BitgradError if recipe and data do not fit
 */
export function memoryNeeded(recipe: Recipe, dataset: Dataset): MemoryNeeded {
  checkFit(recipe, dataset);
  const program = compileRecipe(recipe, dataset, splitDataset(dataset, recipe));
  const arena = program.bytes;
  const samples = program.samples?.bytes ?? 0;
  const state = stateSlices(recipe).reduce(
    (sum, { shape }) => sum + shape.reduce((product, size) => product * size, 4),
    0,
  );
  const parameters = 4 * parameterCount(recipe);
  const best = recipe.patience === null ? 0 : parameters;
  return { samples, arena, total: samples + arena + 2 * (state + best) + parameters };
}

/** @throws BitgradError if a program's memory is more than any backend has */
export function checkArena(bytes: number): void {
  if (bytes <= LARGEST_ARENA) return;
  throw new BitgradError(
    `memory: expected a training that works on at most ${LARGEST_ARENA} bytes, received one that needs ${bytes}`,
    'use fewer samples, narrower layers or a smaller batch',
  );
}
