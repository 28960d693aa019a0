import { BitgradError } from '../errors.js';
import type { Network } from '../network/network.js';
import type { OptimizerName } from '../network/optimizers.js';
import type { SplitField } from './split-field.js';

/** Everything that decides a training's bits, but for the data. */
export interface Recipe extends Required<Network> {
  /** The recipe that this one came from. */
  readonly name: string;
  /** How many samples to take at random, or null for all. */
  readonly subset: number | null;
  /**
   * Fractions of train, validation and test, after `time:` in the samples' own order; or null for the
   * data set's own test samples.
   */
  readonly split: SplitField | null;
  /** `binarize` (1 where a byte is above 0), `scale` (÷255), `none` (tables). */
  readonly preprocess: 'binarize' | 'scale' | 'none';
  /** `xavier`, `he`, `normal:DEVIATION`, or `model:SHA256`: the weights with this digest. */
  readonly initializer: string;
  readonly optimizer: Exclude<OptimizerName, 'none'>;
  readonly learningRate: number;
  /** `constant`, `step:EVERY,FACTOR` or `cosine`. */
  readonly schedule: string;
  /** Over how many steps the rate rises to where the schedule has it; 0 for none. */
  readonly warmup: number;
  /** Of `momentum` and `nesterov`. */
  readonly momentum: number;
  /** The L2 coefficient λ: gradients of weights get `λ · weight` added. Not for adamw. */
  readonly l2: number;
  /** AdamW's: weights are multiplied by `1 − rate · weightDecay`. */
  readonly weightDecay: number;
  /** The share of each hidden layer's output that is dropped while training. */
  readonly dropout: number;
  /** `none`, `balanced` (samples ÷ (classes · samples of the class)), or a weight a class. */
  readonly classWeights: 'none' | 'balanced' | readonly number[];
  /** Into how many parts the sums over a batch are cut. */
  readonly shards: number;
  /**
   * Whether a table's features are brought to mean 0 and deviation 1. `numbers`: but for those that
   * are only ever 0 or 1, as categories are, in which a rare one would become a large number.
   */
  readonly standardize: boolean | 'numbers';
  readonly batchSize: number;
  readonly epochs: number;
  /** An integer from 0 to 2^53 − 1. */
  readonly seed: number;
  /** `none`, `shift:PIXELS` or `affine`. */
  readonly augment: string;
  /** Whether each epoch trains on the validation samples too, after the others, as the seed does. */
  readonly trainOnValidation: boolean;
  /** Training stops after this many epochs without a lower validation loss; null for never. */
  readonly patience: number | null;
  /** Whether every part gets its share of each class. */
  readonly stratify: boolean;
  /** `k/K`: the test part is the k-th of K equal ones, for cross-validation; null for none. */
  readonly fold: string | null;
  /** Where the data bring a test part: the share of the training samples kept for validation. */
  readonly validation: number;
  /**
   * Whether numbers to be learnt are brought to mean 0 and deviation 1 for the training. Predictions,
   * and the losses of one number, are in its own units all the same.
   */
  readonly standardizeTargets: boolean;
}

/** The fields that a recipe may leave out. */
export type OptionalField =
  | 'warmup'
  | 'momentum'
  | 'weightDecay'
  | 'dropout'
  | 'loss'
  | 'classWeights'
  | 'shards'
  | 'standardize'
  | 'patience'
  | 'stratify'
  | 'fold'
  | 'validation'
  | 'standardizeTargets';

/** A recipe as people write it: some fields may be left out. */
export type RecipeInput = Omit<Recipe, OptionalField> & Partial<Pick<Recipe, OptionalField>>;

/** The digest of the weights that an initializer names, or null where they are drawn at random. */
export function startDigest(initializer: string): string | null {
  return /^model:([0-9a-f]{64})$/.exec(initializer)?.[1] ?? null;
}

/** Thrown for a recipe's field that is not valid; its message begins with the field's name. */
export class RecipeError extends BitgradError {
  override readonly name: string = 'RecipeError';

  constructor(
    readonly field: keyof Recipe,
    readonly problem: string,
  ) {
    super(`${field}: ${problem}`);
  }
}
