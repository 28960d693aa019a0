import type { Dataset } from '../dataset.js';
import { resolve } from '../network/graph.js';
import { readsScalars } from '../network/optimizers.js';
import type { Memory } from '../program/memory.js';
import { Stream } from '../random/stream.js';
import { type Recipe, RecipeError } from '../recipe/recipe.js';
import type { Pieces } from '../turns.js';
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

/** What an epoch's pass needs, by the slice that it is written to. */
export interface EpochPlan {
  /** Counted from 0. */
  readonly epoch: number;
  readonly order: Uint32Array;
  readonly shifts?: Int32Array;
  readonly maps?: Int32Array;
  readonly scalars?: Float64Array;
  readonly rates?: Float64Array;
  readonly dropoutPlace?: readonly number[];
}

/**
 * Draws the order of an epoch's samples and how each is moved, and works out the learning rates and
 * where dropout stands, in pieces.
 *
 * @param epoch counted from 0
 */
export function* planningEpoch(
  recipe: Recipe,
  dataset: Dataset,
  split: Split,
  epoch: number,
): Pieces<EpochPlan> {
  const { seed } = recipe;
  const steps = stepsPerEpoch(recipe, split);
  const order = yield* drawOrder(recipe, split, epoch);
  yield;
  const motion = planMotion(recipe, dataset, split, epoch);
  yield;
  return {
    epoch,
    order,
    ...motion,
    ...planRates(recipe, epoch, steps),
    ...(drops(recipe) && {
      dropoutPlace: [seed >>> 0, Math.floor(seed / 0x100000000), epoch * steps],
    }),
  };
}

/** Whether a network drops numbers, by the recipe's own dropout or by a layer's. */
function drops(recipe: Recipe): boolean {
  return resolve(recipe).nodes.some(({ spec }) => spec.type === 'dropout');
}

/** Writes a plan to where the pass reads it. */
export function writePlan(memory: Memory, plan: EpochPlan): void {
  memory.u32('order').set(plan.order);
  if (plan.shifts) memory.i32('shifts').set(plan.shifts);
  if (plan.maps) memory.i32('maps').set(plan.maps);
  if (plan.scalars) memory.f32('scalars').set(plan.scalars);
  if (plan.rates) memory.f32('rates').set(plan.rates);
  if (plan.dropoutPlace) memory.u32('dropoutPlace').set(plan.dropoutPlace);
}

function planMotion(
  recipe: Recipe,
  dataset: Dataset,
  split: Split,
  epoch: number,
): Pick<EpochPlan, 'shifts' | 'maps'> {
  const count = epochSize(recipe, split);
  const augmentation = parseAugmentation(recipe.augment);
  const { image } = dataset;
  if (augmentation.kind === 'shifts') {
    const shifts = new Int32Array(2 * count);
    drawShifts(shifts, augmentation, recipe.seed, epoch);
    const { channels = 1 } = image!;
    // A step to the right passes all channels of a pixel: see `gatherSize`.
    for (let at = 0; channels > 1 && at < shifts.length; at += 2) shifts[at]! *= channels;
    return { shifts };
  }
  if (augmentation.kind === 'maps') {
    const maps = new Int32Array(6 * count);
    drawMaps(maps, augmentation, image!, recipe.seed, epoch);
    return { maps };
  }
  return {};
}

function planRates(
  recipe: Recipe,
  epoch: number,
  steps: number,
): Pick<EpochPlan, 'scalars' | 'rates'> {
  const rates = epochRates(recipe, epoch, steps);
  return readsScalars(recipe.optimizer)
    ? { scalars: adamScalars(rates, epoch * steps, recipe.weightDecay) }
    : { rates };
}

function* drawOrder(recipe: Recipe, split: Split, epoch: number): Pieces<Uint32Array> {
  const order = new Uint32Array(epochSize(recipe, split));
  const train = split.train.slice();
  yield* new Stream(recipe.seed, 'shuffle', epoch).shuffling(train);
  order.set(train);
  if (recipe.trainOnValidation) {
    const validation = split.validation.slice();
    yield* new Stream(recipe.seed, 'validationShuffle', epoch).shuffling(validation);
    order.set(validation, train.length);
  }
  return order;
}
