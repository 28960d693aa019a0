import { initialDeviation } from '../network/parameters.js';
import { checkSeed } from '../random/stream.js';
import { parseAugmentation } from '../train/augment.js';
import { parseSchedule } from '../train/schedule.js';
import {
  boolean,
  type Check,
  coefficient,
  count,
  countFromZero,
  countUpTo,
  fraction,
  oneOf,
  orNull,
  parsed,
} from './checks.js';
import { layersCheck, layersText } from './layers-field.js';
import { type OptionalField, type Recipe, startDigest } from './recipe.js';
import { parseFold, splitCheck, splitText } from './split-field.js';
import {
  byName,
  decimal,
  flag,
  integer,
  listOf,
  nameOf,
  nullable,
  parseDecimal,
  type TextForm,
  words,
  wordsOr,
} from './text.js';

/** What there is to know of a field of a recipe: checks, options, links and forms are made of it. */
export interface RecipeField {
  readonly name: keyof Recipe;
  readonly check: Check;
  readonly text: TextForm;
  /** Its name on the command line, in configurations and links, and where it stands; null for none. */
  readonly option: Option | null;
}

interface Option {
  readonly name: string;
  readonly group: 'Data' | 'Network' | 'Training';
  readonly describe: string;
  /** What to say of the default where the recipe's value alone would mislead. */
  readonly usual?: string;
}

/** What a field that a recipe lacks means; old recipes and receipts rely on it. */
type Absent<Name extends keyof Recipe> = Name extends OptionalField
  ? { readonly absent: Recipe[Name] }
  : { readonly absent?: never };

type Entries = {
  readonly [Name in keyof Recipe]: Omit<RecipeField, 'name'> & Absent<Name>;
};

const ACTIVATIONS = ['relu', 'sigmoid', 'tanh', 'leaky-relu', 'elu'] as const;
const OPTIMIZERS = ['sgd', 'momentum', 'nesterov', 'adam', 'adamw'] as const;
const LOSSES = ['cross-entropy', 'squared-error', 'binary-cross-entropy'] as const;

/** What other programs call the losses. */
const OTHER_LOSSES: Readonly<Record<string, string>> = {
  mse: 'squared-error',
  'mean-squared-error': 'squared-error',
  'mse-loss': 'squared-error',
  crossentropy: 'cross-entropy',
  'categorical-crossentropy': 'cross-entropy',
  'sparse-categorical-crossentropy': 'cross-entropy',
  'cross-entropy-loss': 'cross-entropy',
  bce: 'binary-cross-entropy',
  'bce-loss': 'binary-cross-entropy',
  'bce-with-logits-loss': 'binary-cross-entropy',
  'binary-crossentropy': 'binary-cross-entropy',
};

/** In the order in which a recipe is written. */
const ENTRIES: Entries = {
  name: {
    check: {
      isValid: (value) => typeof value === 'string' && value.length > 0,
      expected: 'a name',
    },
    text: words,
    option: null,
  },
  subset: {
    check: orNull(count),
    text: nullable('all', integer),
    option: data('subset', 'N samples taken at random, or all'),
  },
  split: {
    check: splitCheck,
    text: splitText,
    option: data(
      'split',
      "fractions of train, validation and test, as in 0.7,0.15,0.15, taken from all samples at random, or after time: in their order; none keeps the data set's own test samples",
      '0.7,0.15,0.15 where the data bring no test samples',
    ),
  },
  preprocess: {
    check: oneOf('binarize', 'scale', 'none'),
    text: words,
    option: data(
      'preprocess',
      'binarize (1 where a byte is above 0) or scale (÷255); none for tables',
    ),
  },
  layers: {
    check: layersCheck,
    text: layersText,
    option: network(
      'layers',
      'widths from the input to the output, as in 784,32,10; drop:RATE and activations may stand between',
    ),
  },
  activation: {
    check: oneOf(...ACTIVATIONS),
    text: nameOf(ACTIVATIONS, { leakyrelu: 'leaky-relu' }),
    option: network('activation', 'relu, sigmoid, tanh, leaky-relu or elu, between the layers'),
  },
  outputActivation: {
    check: oneOf('none', 'relu'),
    text: words,
    option: network(
      'output-activation',
      'none, or relu before softmax, as the recipe listing has it',
    ),
  },
  initializer: {
    check: parsed(
      (text) => startDigest(text) !== null || initialDeviation(text, 1, 1),
      'xavier, he or normal:DEVIATION, as in normal:0.1',
    ),
    text: words,
    option: network('init', 'initial weights: xavier, he or normal:DEVIATION'),
  },
  optimizer: {
    check: oneOf(...OPTIMIZERS),
    text: nameOf(OPTIMIZERS),
    option: training('optimizer', 'sgd, momentum, nesterov, adam or adamw'),
  },
  learningRate: {
    check: {
      isValid: (value) =>
        typeof value === 'number' && Math.fround(value) > 0 && Number.isFinite(Math.fround(value)),
      expected: 'a number above 0 that binary32 can hold',
    },
    text: decimal,
    option: training(
      'lr',
      'learning rate',
      '0.2; of momentum and nesterov 0.02, of adam and adamw 0.001',
    ),
  },
  schedule: {
    check: parsed(parseSchedule, 'constant, cosine or step:EVERY,FACTOR, as in step:10,0.5'),
    text: words,
    option: training(
      'lr-schedule',
      'constant, cosine (down to nearly 0) or step:EVERY,FACTOR, as in step:10,0.5',
    ),
  },
  warmup: {
    check: countFromZero,
    absent: 0,
    text: integer,
    option: training('warmup', 'steps over which the rate rises to where the schedule has it'),
  },
  momentum: {
    check: fraction,
    absent: 0.9,
    text: decimal,
    option: training('momentum', 'of the optimizers momentum and nesterov'),
  },
  l2: {
    check: coefficient,
    text: decimal,
    option: training(
      'l2',
      'L2 coefficient: each weight pulls its gradient by this much of itself; not for adamw',
    ),
  },
  weightDecay: {
    check: coefficient,
    absent: 0,
    text: decimal,
    option: training(
      'weight-decay',
      "adamw's: each step takes this much of a weight away, times the rate",
      '0.01 of adamw',
    ),
  },
  dropout: {
    check: fraction,
    absent: 0,
    text: decimal,
    option: training(
      'dropout',
      "the share of each hidden layer's outputs that is dropped while training",
    ),
  },
  loss: {
    check: oneOf(...LOSSES),
    absent: 'cross-entropy',
    text: nameOf(LOSSES, OTHER_LOSSES),
    option: training(
      'loss',
      'cross-entropy for classes, squared-error for numbers, or binary-cross-entropy for columns of yes and no',
    ),
  },
  classWeights: {
    check: {
      isValid: (value) => value === 'none' || value === 'balanced' || areWeights(value),
      expected: 'none, balanced or a list of numbers above 0, one a class',
    },
    absent: 'none',
    text: wordsOr(['none', 'balanced'], byName(listOf(parseDecimal), parseDecimal)),
    option: training(
      'class-weights',
      'none, balanced (rare classes weigh more), weights by name, as in rare=20,other=0.5 (all others 1), or a list, one a class',
    ),
  },
  shards: {
    check: countUpTo(1024),
    absent: 1,
    text: integer,
    option: training(
      'shards',
      'into how many parts the sums over a batch are cut, for more threads',
    ),
  },
  standardize: {
    check: {
      isValid: (value) => value === 'numbers' || typeof value === 'boolean',
      expected: 'true, false or numbers',
    },
    absent: false,
    text: wordsOr(['numbers'], flag),
    option: data(
      'standardize',
      'bring the features of a table to mean 0 and deviation 1; numbers: but for those that are only 0 or 1',
      'numbers for tables',
    ),
  },
  batchSize: {
    check: count,
    text: integer,
    option: training('batch-size', 'samples of a step'),
  },
  epochs: {
    check: count,
    text: integer,
    option: training('epochs', 'passes over the training samples'),
  },
  seed: {
    check: {
      isValid: (value) => {
        checkSeed(value);
        return true;
      },
      expected: 'an integer from 0 to 9007199254740991',
    },
    text: integer,
    option: training('seed', 'of all random numbers: an integer from 0 to 2^53 − 1'),
  },
  augment: {
    check: parsed(
      parseAugmentation,
      'none, affine, flip or shift:PIXELS, as in shift:1 or flip+shift:4',
    ),
    text: words,
    option: data(
      'augment',
      'none, shift:PIXELS, affine (small rotations, scalings and shears) or flip (left to right, as in flip+shift:4): each image moves at random, anew in each epoch',
    ),
  },
  trainOnValidation: {
    check: boolean,
    text: flag,
    option: training('train-on-validation', 'train on the validation samples too'),
  },
  patience: {
    check: orNull(count),
    absent: null,
    text: nullable('none', integer),
    option: training(
      'patience',
      'stop after so many epochs without a lower validation loss, and keep the best weights; or none',
    ),
  },
  stratify: {
    check: boolean,
    absent: false,
    text: flag,
    option: data('stratify', 'give every part of a split its share of each class', 'as --split'),
  },
  fold: {
    check: {
      isValid: (value) => value === null || (typeof value === 'string' && parseFold(value)),
      expected: 'which of how many folds is tested, as in 1/5, or null',
    },
    absent: null,
    text: nullable('none', words),
    option: data('fold', 'K/N tests the K-th of N equal parts and trains on the rest; or none'),
  },
  validation: {
    check: fraction,
    absent: 0,
    text: decimal,
    option: data(
      'validation',
      'the share of the training samples that is kept apart where the data bring test samples',
      '0.15 for tables',
    ),
  },
  standardizeTargets: {
    check: boolean,
    absent: false,
    text: flag,
    option: data(
      'standardize-targets',
      'bring the numbers to be learnt to mean 0 and deviation 1; results are in their own units',
      'for every table',
    ),
  },
};

/** Every field of a recipe, in the order in which one is written. */
export const RECIPE_FIELDS: readonly RecipeField[] = (
  Object.entries(ENTRIES) as [keyof Recipe, Omit<RecipeField, 'name'>][]
).map(([name, { check, text, option }]) => ({ name, check, text, option }));

/** What a recipe that leaves these fields out means by it. */
export const ABSENT = Object.fromEntries(
  Object.entries(ENTRIES).flatMap(([name, { absent }]) =>
    absent === undefined ? [] : [[name, absent]],
  ),
) as Pick<Recipe, OptionalField>;

/** A field's value in a recipe as one would type it. */
export function recipeText({ name, text }: RecipeField, recipe: Recipe): string {
  const value = recipe[name];
  return value === null ? (text.nullWord ?? 'none') : (text.format ?? String)(value);
}

function option(group: Option['group'], name: string, describe: string, usual?: string): Option {
  return { name, group, describe, ...(usual === undefined ? {} : { usual }) };
}

function data(name: string, describe: string, usual?: string): Option {
  return option('Data', name, describe, usual);
}

function network(name: string, describe: string, usual?: string): Option {
  return option('Network', name, describe, usual);
}

function training(name: string, describe: string, usual?: string): Option {
  return option('Training', name, describe, usual);
}

function areWeights(value: unknown): boolean {
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
