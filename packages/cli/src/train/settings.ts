import { RECIPES, type Recipe } from '@bitgrad/core';
import { parseDecimal, parseInteger } from '../arguments.js';
import { kebab, suggest } from '../suggest.js';

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
}

const asText = (text: string): unknown => text;
const asDecimal = (text: string): unknown => parseDecimal(text) ?? text;
const asInteger = (text: string): unknown => parseInteger(text) ?? text;
const orNull =
  (word: string, parse: (text: string) => unknown) =>
  (text: string): unknown =>
    text === word ? null : parse(text);
const asList =
  (parse: (text: string) => number | undefined) =>
  (text: string): unknown => {
    const values = text.split(',').map((part) => parse(part.trim()));
    return values.includes(undefined) ? text : values;
  };
const asBoolean = (text: string): unknown =>
  text === 'true' || text === 'false' ? text === 'true' : text;

/** In the order of the help. */
export const SETTINGS: readonly Setting[] = [
  {
    option: 'subset',
    field: 'subset',
    group: 'Data:',
    describe: 'N samples taken at random, or all',
    parse: orNull('all', asInteger),
  },
  {
    option: 'split',
    field: 'split',
    group: 'Data:',
    describe:
      "fractions of train, validation and test, as in 0.7,0.15,0.15, taken from all samples; none keeps the data set's own test samples",
    parse: orNull('none', asList(parseDecimal)),
  },
  {
    option: 'preprocess',
    field: 'preprocess',
    group: 'Data:',
    describe: 'binarize (1 where a byte is above 0) or scale (÷255); none for tables',
    parse: asText,
  },
  {
    option: 'augment',
    field: 'augment',
    group: 'Data:',
    describe: 'none, or shift:PIXELS: each sample moves at random, anew in each epoch',
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
    option: 'optimizer',
    field: 'optimizer',
    group: 'Training:',
    describe: 'sgd',
    parse: asText,
  },
  {
    option: 'lr',
    field: 'learningRate',
    group: 'Training:',
    describe: 'learning rate',
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
    option: 'l2',
    field: 'l2',
    group: 'Training:',
    describe: 'L2 coefficient: each weight pulls its gradient by this much of itself',
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
    option: 'epochs',
    field: 'epochs',
    group: 'Training:',
    describe: 'passes over the training samples',
    parse: asInteger,
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
export function settingText({ field, option }: Setting, recipe: Recipe): string {
  const value = recipe[field];
  if (value === null) return option === 'subset' ? 'all' : 'none';
  return String(value);
}

/** The recipes' names, in words: `mnist, seed or listing`. */
export const RECIPE_NAMES = Object.keys(RECIPES)
  .join(', ')
  .replace(/, ([^,]*)$/, ' or $1');
