import type { TableEncoding } from '../data/encoding.js';
import type { Recipe } from '../recipe/recipe.js';
import type { Standardization } from '../train/standardize.js';

/** A network with its parameters, and what is needed to give it new samples. */
export interface Model {
  /** Says among other things how inputs are prepared. */
  readonly recipe: Recipe;
  /** All parameters in model order, without padding. */
  readonly parameters: Float32Array;
  /** What a table's features are brought to mean 0 and deviation 1 with, or null. */
  readonly standardization: Standardization | null;
  /**
   * Where numbers were standardised to be learnt, what turns the network's outputs back into them:
   * `output · deviation + mean`, `[outputs]`.
   */
  readonly targetStandardization?: Standardization | null | undefined;
  /** The classes' names, or null where they are just numbered. */
  readonly classNames: readonly string[] | null;
  /** How a table's columns become features, or null. */
  readonly encoding: TableEncoding | null;
}
