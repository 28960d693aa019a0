import type { Dataset } from '../dataset.js';
import { readsScalars } from '../model/optimizers.js';
import type { Memory } from '../program/memory.js';
import { Stream } from '../random/stream.js';
import { type Recipe, RecipeError } from '../recipe.js';
import { drawMaps, drawShifts, parseAugmentation } from './augment.js';
import { adamScalars, epochRates } from './schedule.js';
import type { Split } from './split.js';

/** The samples of an epoch. */
export function epochSize(recipe: Recipe, split: Split): number {
  return split.train.length + (recipe.trainOnValidation ? split.validation.length : 0);
}

/** The steps of an epoch. */
export function stepsPerEpoch(recipe: Recipe, split: Split): number {
  return Math.ceil(epochSize(recipe, split) / recipe.batchSize);
}

/**
 * Checks what shows only once the samples are split.
 *
 * @throws RecipeError if the rate would still be rising when the training ends, or patience has
 *   nothing to look at
 */
export function checkSplit(recipe: Recipe, split: Split): void {
  const steps = recipe.epochs * stepsPerEpoch(recipe, split);
  if (recipe.warmup > steps) {
    throw new RecipeError(
      'warmup',
      `expected at most ${steps}, the steps of the training, received ${recipe.warmup}`,
    );
  }
  if (recipe.patience !== null && split.validation.length === 0) {
    throw new RecipeError(
      'patience',
      'expected null, because so few samples leave none for validation',
    );
  }
}

/**
 * Writes what an epoch's pass needs: the order of its samples, how each is moved, the learning
 * rates, and where dropout stands.
 *
 * @param epoch counted from 0
 */
export function beginEpoch(
  memory: Memory,
  recipe: Recipe,
  dataset: Dataset,
  split: Split,
  epoch: number,
): void {
  const { seed, optimizer, dropout } = recipe;
  const count = epochSize(recipe, split);
  const steps = stepsPerEpoch(recipe, split);
  memory.u32('order').set(drawOrder(recipe, split, epoch));
  const augmentation = parseAugmentation(recipe.augment);
  if (augmentation.kind === 'shift') {
    drawShifts(memory.i32('shifts').subarray(0, 2 * count), augmentation, seed, epoch);
  }
  if (augmentation.kind === 'affine') {
    drawMaps(memory.i32('maps').subarray(0, 6 * count), dataset.image!, seed, epoch);
  }
  const rates = epochRates(recipe, epoch, steps);
  if (readsScalars(optimizer)) {
    memory.f32('scalars').set(adamScalars(rates, epoch * steps, recipe.weightDecay));
  } else {
    memory.f32('rates').set(rates);
  }
  if (dropout > 0) {
    memory.u32('dropoutPlace').set([seed >>> 0, Math.floor(seed / 0x100000000), epoch * steps]);
  }
}

function drawOrder(recipe: Recipe, split: Split, epoch: number): Uint32Array {
  const order = new Uint32Array(epochSize(recipe, split));
  const train = split.train.slice();
  new Stream(recipe.seed, 'shuffle', epoch).shuffle(train);
  order.set(train);
  if (recipe.trainOnValidation) {
    const validation = split.validation.slice();
    new Stream(recipe.seed, 'validationShuffle', epoch).shuffle(validation);
    order.set(validation, train.length);
  }
  return order;
}
