import type { Recipe } from '../recipe/recipe.js';

/** What a recipe for tables takes from the data. */
export interface TableSize {
  /** Training samples. */
  readonly samples: number;
  readonly features: number;
  readonly outputs: number;
}

type Settings = Pick<Recipe, 'layers' | 'batchSize' | 'epochs' | 'patience'>;

/** Steps after which a small table has been learnt, by AdamW at the recipe's rate. */
const STEPS = 3000;
const MOST_EPOCHS = 200;
const FEWEST_EPOCHS = 12;

/**
 * The widths and times of the recipes for tables, by the data's size; chosen by trying them on some
 * 250 real tables (docs/tables.md).
 *
 * @param batchSize samples of a step, where somebody asked for that
 */
export function tableSettings(
  { samples, features, outputs }: TableSize,
  batchSize = batchFor(samples),
): Settings {
  const stepsPerEpoch = Math.ceil(samples / batchSize);
  const wanted = Math.round(STEPS / stepsPerEpoch);
  const epochs = Math.min(MOST_EPOCHS, Math.max(FEWEST_EPOCHS, wanted));
  return {
    layers: [features, ...hiddenFor(samples), outputs],
    batchSize,
    epochs,
    patience: Math.max(5, Math.round(epochs / 4)),
  };
}

function hiddenFor(samples: number): number[] {
  return samples < 1000 ? [64] : [128, 64];
}

function batchFor(samples: number): number {
  if (samples < 1000) return 32;
  return samples < 10_000 ? 64 : 128;
}
