import { BitgradError, show } from './errors.js';
import type { Network } from './model/layers.js';
import type { OptimizerName } from './model/optimizers.js';
import { initialDeviation } from './model/parameters.js';
import type { ActivationName } from './program/ops.js';
import { checkSeed } from './random/stream.js';
import { parseAugmentation } from './train/augment.js';
import { parseSchedule } from './train/schedule.js';

/** Everything that decides a training's bits, but for the data. */
export interface Recipe extends Required<Network> {
  /** The recipe that this one came from. */
  readonly name: string;
  /** How many samples to take at random, or null for all. */
  readonly subset: number | null;
  /** Fractions of train, validation and test, or null for the data set's own test samples. */
  readonly split: readonly [number, number, number] | null;
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
  /** Whether a table's features are brought to mean 0 and deviation 1. */
  readonly standardize: boolean;
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
  | 'patience';

/** What a recipe that leaves these fields out means by it. */
const DEFAULTS: Pick<Recipe, OptionalField> = {
  warmup: 0,
  momentum: 0.9,
  weightDecay: 0,
  dropout: 0,
  loss: 'cross-entropy',
  classWeights: 'none',
  shards: 1,
  standardize: false,
  patience: null,
};

/** A recipe as people write it: some fields may be left out. */
export type RecipeInput = Omit<Recipe, OptionalField> & Partial<Pick<Recipe, OptionalField>>;

/** The main job: the seed's network on all of MNIST, binarised and shifted by up to a pixel. */
const mnist: Recipe = {
  ...DEFAULTS,
  name: 'mnist',
  subset: null,
  split: null,
  preprocess: 'binarize',
  layers: [784, 32, 10],
  activation: 'relu',
  outputActivation: 'none',
  initializer: 'xavier',
  optimizer: 'sgd',
  learningRate: 0.2,
  schedule: 'cosine',
  l2: 0,
  batchSize: 32,
  epochs: 50,
  seed: 1,
  augment: 'shift:1',
  trainOnValidation: false,
};

/** The seed's own experiment, mended: validation only looks, logits are linear, Xavier's weights. */
const seed: Recipe = {
  ...mnist,
  name: 'seed',
  subset: 5000,
  split: [0.7, 0.15, 0.15],
  learningRate: 0.05,
  schedule: 'constant',
  batchSize: 1,
  epochs: 5,
  augment: 'none',
};

/** What the seed's program does, to the letter. */
const listing: Recipe = {
  ...seed,
  name: 'listing',
  outputActivation: 'relu',
  initializer: 'normal:0.1',
  trainOnValidation: true,
};

/** The best plain network that trains in a few minutes: grey digits, turned and stretched a little. */
const mnistBest: Recipe = {
  ...mnist,
  name: 'mnist-best',
  preprocess: 'scale',
  layers: [784, 512, 256, 10],
  optimizer: 'nesterov',
  learningRate: 0.02,
  batchSize: 64,
  epochs: 35,
  augment: 'affine',
};

/** The recipes that come along, by name. */
export const RECIPES: Readonly<
  Record<'mnist' | 'seed' | 'listing' | 'mnist-best', Recipe> & Record<string, Recipe>
> = {
  mnist,
  seed,
  listing,
  'mnist-best': mnistBest,
};

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

/**
 * Checks a recipe that came from outside.
 *
 * @returns the same recipe, with its fields in their one order, so that equal recipes have equal JSON
 * @throws RecipeError at the first field that is missing, unknown or not valid
 */
export function checkRecipe(given: RecipeInput): Recipe {
  if (typeof given !== 'object' || given === null) {
    throw new BitgradError(`recipe: expected an object, received ${show(given)}`);
  }
  const recipe: Recipe = { ...DEFAULTS, ...given };
  for (const field of Object.keys(recipe)) {
    if (!Object.hasOwn(CHECKS, field))
      throw new RecipeError(field as keyof Recipe, 'expected no such field');
  }
  const entries = Object.entries(CHECKS) as [keyof Recipe, Check][];
  const checked = entries.map(([field, { isValid, expected }]) => {
    const value = recipe[field];
    if (!passes(isValid, value))
      throw new RecipeError(field, `expected ${expected}, received ${show(value)}`);
    return [field, value];
  });
  const whole = Object.fromEntries(checked) as unknown as Recipe;
  checkTogether(whole);
  return whole;
}

/** What each field allows but not together. */
function checkTogether({
  optimizer,
  l2,
  weightDecay,
  patience,
  trainOnValidation,
  split,
}: Recipe): void {
  if (optimizer === 'adamw' && l2 !== 0) {
    throw new RecipeError('l2', 'expected 0 with adamw, which has weightDecay instead');
  }
  if (optimizer !== 'adamw' && weightDecay !== 0) {
    throw new RecipeError('weightDecay', `expected 0 with ${optimizer}, which has l2 instead`);
  }
  const validates = split !== null && split[1] > 0 && !trainOnValidation;
  if (patience !== null && !validates) {
    throw new RecipeError(
      'patience',
      'expected null, because no validation samples are kept apart (split)',
    );
  }
}

function isWeights(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.every(
      (weight) =>
        typeof weight === 'number' &&
        Math.fround(weight) > 0 &&
        Number.isFinite(Math.fround(weight)),
    )
  );
}

interface Check {
  /** False, or a throw, for a value that is not valid. */
  readonly isValid: (value: unknown) => unknown;
  readonly expected: string;
}

const LARGEST_WIDTH = 1 << 20;
const LARGEST_COUNT = 0x7fffffff;
const LARGEST_SHARDS = 1024;

const isCount = (value: unknown, least: number, most: number): boolean =>
  Number.isInteger(value) && (value as number) >= least && (value as number) <= most;

const oneOf = (...choices: string[]): Check => ({
  isValid: (value) => choices.includes(value as string),
  expected: choices.join(', ').replace(/, ([^,]*)$/, ' or $1'),
});

const count: Check = {
  isValid: (value) => isCount(value, 1, LARGEST_COUNT),
  expected: 'an integer of at least 1',
};

const wholeFromZero: Check = {
  isValid: (value) => isCount(value, 0, LARGEST_COUNT),
  expected: 'an integer of at least 0',
};

const coefficient: Check = {
  isValid: (value) =>
    typeof value === 'number' && value >= 0 && Number.isFinite(Math.fround(value)),
  expected: 'a number of at least 0 that binary32 can hold',
};

const fraction: Check = {
  isValid: (value) => typeof value === 'number' && value >= 0 && Math.fround(value) < 1,
  expected: 'a number of at least 0 and below 1',
};

const flag: Check = { isValid: (value) => typeof value === 'boolean', expected: 'true or false' };

const parsed = (parse: (text: string) => unknown, expected: string): Check => ({
  isValid: (value) => typeof value === 'string' && parse(value),
  expected,
});

const ACTIVATIONS: readonly ActivationName[] = ['relu', 'sigmoid', 'tanh', 'leaky-relu', 'elu'];

/** One check for each field, in the order in which a recipe is written. */
const CHECKS: Readonly<Record<keyof Recipe, Check>> = {
  name: { isValid: (value) => typeof value === 'string' && value.length > 0, expected: 'a name' },
  subset: {
    isValid: (value) => value === null || isCount(value, 1, LARGEST_COUNT),
    expected: 'an integer of at least 1, or null',
  },
  split: {
    isValid: (value) => value === null || isSplit(value),
    expected: 'three fractions that add up to 1, as in 0.7,0.15,0.15, the first above 0',
  },
  preprocess: oneOf('binarize', 'scale', 'none'),
  layers: {
    isValid: (value) =>
      Array.isArray(value) &&
      value.length >= 2 &&
      value.every((width) => isCount(width, 1, LARGEST_WIDTH)),
    expected: `at least two widths from 1 to ${LARGEST_WIDTH}, as in 784,32,10`,
  },
  activation: oneOf(...ACTIVATIONS),
  outputActivation: oneOf('none', 'relu'),
  initializer: parsed(
    (text) => startDigest(text) !== null || initialDeviation(text, 1, 1),
    'xavier, he or normal:DEVIATION, as in normal:0.1',
  ),
  optimizer: oneOf('sgd', 'momentum', 'nesterov', 'adam', 'adamw'),
  learningRate: {
    isValid: (value) =>
      typeof value === 'number' && Math.fround(value) > 0 && Number.isFinite(Math.fround(value)),
    expected: 'a number above 0 that binary32 can hold',
  },
  schedule: parsed(parseSchedule, 'constant, cosine or step:EVERY,FACTOR, as in step:10,0.5'),
  warmup: wholeFromZero,
  momentum: fraction,
  l2: coefficient,
  weightDecay: coefficient,
  dropout: fraction,
  loss: oneOf('cross-entropy', 'squared-error'),
  classWeights: {
    isValid: (value) => value === 'none' || value === 'balanced' || isWeights(value),
    expected: 'none, balanced or a list of numbers above 0, one a class',
  },
  shards: {
    isValid: (value) => isCount(value, 1, LARGEST_SHARDS),
    expected: `an integer from 1 to ${LARGEST_SHARDS}`,
  },
  standardize: flag,
  batchSize: count,
  epochs: count,
  seed: {
    isValid: (value) => {
      checkSeed(value);
      return true;
    },
    expected: 'an integer from 0 to 9007199254740991',
  },
  augment: parsed(parseAugmentation, 'none, affine or shift:PIXELS, as in shift:1'),
  trainOnValidation: flag,
  patience: {
    isValid: (value) => value === null || isCount(value, 1, LARGEST_COUNT),
    expected: 'an integer of at least 1, or null',
  },
};

function passes(isValid: Check['isValid'], value: unknown): boolean {
  try {
    return Boolean(isValid(value));
  } catch {
    return false;
  }
}

function isSplit(value: unknown): boolean {
  if (!Array.isArray(value) || value.length !== 3) return false;
  if (!value.every((part) => typeof part === 'number' && part >= 0 && part <= 1)) return false;
  const [train, validation, test] = value as [number, number, number];
  return train > 0 && Math.abs(train + validation + test - 1) < 1e-9;
}
