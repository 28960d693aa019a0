import type { Recipe } from '@bitgrad/core';
import { parseDecimal, parseInteger } from '../arguments.js';
import { kebab, suggest } from '../suggest.js';
import { asBoolean, asDecimal, asInteger, asList, asText, orNull } from './setting-values.js';

/** An option of `train` that sets one field of the recipe. */
export interface Setting {
  readonly option: string;
  readonly field: keyof Recipe;
  readonly group: 'Data:' | 'Network:' | 'Training:';
  readonly describe: string;
  /**
   * The field's value that a text stands for. A text that stands for none is returned as it is:
   * the check of the recipe then says what it expected.
   */
  readonly parse: (text: string) => unknown;
  /** Whether the option may stand without a value. */
  readonly isFlag?: boolean;
  /** What people write for null. */
  readonly nullWord?: string;
  /** What the help says of the default, where the recipe's value alone would mislead. */
  readonly defaultText?: string;
}

/** In the order of the help. */
export const SETTINGS: readonly Setting[] = [
  {
    option: 'subset',
    field: 'subset',
    group: 'Data:',
    describe: 'N samples taken at random, or all',
    parse: orNull('all', asInteger),
    nullWord: 'all',
  },
  {
    option: 'split',
    field: 'split',
    group: 'Data:',
    describe:
      "fractions of train, validation and test, as in 0.7,0.15,0.15, taken from all samples; none keeps the data set's own test samples",
    parse: orNull('none', asList(parseDecimal)),
    nullWord: 'none',
  },
  {
    option: 'preprocess',
    field: 'preprocess',
    group: 'Data:',
    describe: 'binarize (1 where a byte is above 0) or scale (÷255); none for tables',
    parse: asText,
  },
  {
    option: 'standardize',
    field: 'standardize',
    group: 'Data:',
    describe:
      'bring the features of a table to mean 0 and deviation 1 (--no-standardize: leave them)',
    defaultText: 'for every table',
    parse: asBoolean,
    isFlag: true,
  },
  {
    option: 'augment',
    field: 'augment',
    group: 'Data:',
    describe:
      'none, shift:PIXELS, or affine (small rotations, scalings and shears): each image moves at random, anew in each epoch',
    parse: asText,
  },
  {
    option: 'layers',
    field: 'layers',
    group: 'Network:',
    describe: 'widths from the input to the output',
    parse: asList(parseInteger),
  },
  {
    option: 'activation',
    field: 'activation',
    group: 'Network:',
    describe: 'relu, sigmoid, tanh, leaky-relu or elu, between the layers',
    parse: asText,
  },
  {
    option: 'output-activation',
    field: 'outputActivation',
    group: 'Network:',
    describe: 'none, or relu before softmax, as the recipe listing has it',
    parse: asText,
  },
  {
    option: 'init',
    field: 'initializer',
    group: 'Network:',
    describe: 'initial weights: xavier, he or normal:DEVIATION',
    parse: asText,
  },
  {
    option: 'loss',
    field: 'loss',
    group: 'Training:',
    describe: 'cross-entropy for classes, or squared-error for numbers',
    parse: asText,
  },
  {
    option: 'class-weights',
    field: 'classWeights',
    group: 'Training:',
    describe: 'none, balanced (rare classes weigh more) or a list, one weight a class',
    parse: (text) => (text === 'none' || text === 'balanced' ? text : asList(parseDecimal)(text)),
  },
  {
    option: 'optimizer',
    field: 'optimizer',
    group: 'Training:',
    describe: 'sgd, momentum, nesterov, adam or adamw',
    parse: asText,
  },
  {
    option: 'lr',
    field: 'learningRate',
    group: 'Training:',
    describe: 'learning rate',
    defaultText: '0.2; of momentum and nesterov 0.02, of adam and adamw 0.001',
    parse: asDecimal,
  },
  {
    option: 'lr-schedule',
    field: 'schedule',
    group: 'Training:',
    describe: 'constant, cosine (down to nearly 0) or step:EVERY,FACTOR, as in step:10,0.5',
    parse: asText,
  },
  {
    option: 'warmup',
    field: 'warmup',
    group: 'Training:',
    describe: 'steps over which the rate rises to where the schedule has it',
    parse: asInteger,
  },
  {
    option: 'momentum',
    field: 'momentum',
    group: 'Training:',
    describe: 'of the optimizers momentum and nesterov',
    parse: asDecimal,
  },
  {
    option: 'l2',
    field: 'l2',
    group: 'Training:',
    describe:
      'L2 coefficient: each weight pulls its gradient by this much of itself; not for adamw',
    parse: asDecimal,
  },
  {
    option: 'weight-decay',
    field: 'weightDecay',
    group: 'Training:',
    describe: "adamw's: each step takes this much of a weight away, times the rate",
    defaultText: '0.01 of adamw',
    parse: asDecimal,
  },
  {
    option: 'dropout',
    field: 'dropout',
    group: 'Training:',
    describe: "the share of each hidden layer's outputs that is dropped while training",
    parse: asDecimal,
  },
  {
    option: 'batch-size',
    field: 'batchSize',
    group: 'Training:',
    describe: 'samples of a step',
    parse: asInteger,
  },
  {
    option: 'shards',
    field: 'shards',
    group: 'Training:',
    describe: 'into how many parts the sums over a batch are cut, for more threads',
    parse: asInteger,
  },
  {
    option: 'epochs',
    field: 'epochs',
    group: 'Training:',
    describe: 'passes over the training samples',
    parse: asInteger,
  },
  {
    option: 'patience',
    field: 'patience',
    group: 'Training:',
    describe:
      'stop after so many epochs without a lower validation loss, and keep the best weights; or none',
    parse: orNull('none', asInteger),
    nullWord: 'none',
  },
  {
    option: 'seed',
    field: 'seed',
    group: 'Training:',
    describe: 'of all random numbers: an integer from 0 to 2^53 − 1',
    parse: asInteger,
  },
  {
    option: 'train-on-validation',
    field: 'trainOnValidation',
    group: 'Training:',
    describe: 'train on the validation samples too (--no-train-on-validation: only look)',
    parse: asBoolean,
    isFlag: true,
  },
];

/**
 * The option that somebody who wrote `word` probably meant. The library's names for the settings,
 * as in `learningRate`, lead to their options.
 *
 * @param known the options that there are
 */
export function suggestOption(word: string, known: readonly string[]): string | undefined {
  const synonyms = new Map(
    SETTINGS.filter(({ option }) => known.includes(option)).map(({ field, option }) => [
      kebab(field),
      option,
    ]),
  );
  const meant = suggest(kebab(word), [...known, ...synonyms.keys()]);
  return meant === undefined ? undefined : (synonyms.get(meant) ?? meant);
}

/** A recipe's value as one would type it. */
export function settingText({ field, nullWord }: Setting, recipe: Recipe): string {
  return String(recipe[field] ?? nullWord);
}
