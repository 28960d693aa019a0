import { RECIPES } from '@bitgrad/core';
import type { Options } from 'yargs';
import { backendOptions } from '../backends.js';
import { type Command, valueOption } from '../command.js';
import { channelsOption, DATA_KINDS, imageSizeOption, labelOption } from '../data-options.js';
import { metricsOption } from '../display/metrics-option.js';
import { TABLE_OPTIONS } from '../table-options.js';
import { RECIPE_NAMES } from './find-recipe.js';
import { SETTINGS } from './settings.js';

/** The options of `bitgrad train`. */
export const TRAIN_OPTIONS: Command['options'] = {
  recipe: valueOption(
    `${RECIPE_NAMES}: fills every setting; each option overrides one`,
    'mnist; of tables table or table-regression',
    'Recipe:',
  ),
  config: valueOption(
    'a YAML or JSON file of option names and values, between recipe and options',
    undefined,
    'Recipe:',
  ),
  data: valueOption(DATA_KINDS, 'mnist', 'Data:'),
  label: labelOption,
  ...TABLE_OPTIONS,
  'image-size': imageSizeOption,
  channels: channelsOption,
  folds: valueOption(
    'cross-validation: K trainings, each testing another of K equal parts; mean and deviation, no model',
    'none',
    'Data:',
  ),
  ...settingOptions(),
  ...backendOptions,
  out: valueOption(
    'the model file, replaced only when all is done',
    'model.safetensors; one that is there is kept as model-1.safetensors',
    'Output:',
  ),
  checkpoint: valueOption(
    'a file to go on from, replaced as the training goes, and at Ctrl-C; {epoch} in its name keeps one for each epoch',
    'none',
    'Output:',
  ),
  'checkpoint-every': valueOption('epochs between two checkpoints', '1', 'Output:'),
  resume: valueOption(
    'go on from a checkpoint, by its recipe: the result has the bits of an uninterrupted training',
    undefined,
    'Recipe:',
  ),
  start: valueOption(
    'a model whose weights come first; its recipe, columns and classes hold where nothing else is said',
    'random weights',
    'Recipe:',
  ),
  metrics: metricsOption,
  plot: valueOption(
    'a report as one file, .html or .svg: curves, confusion matrix, worst mistakes',
    'none',
    'Output:',
  ),
  log: valueOption('a folder for a new file of metrics, one JSON object a line', 'none', 'Output:'),
};

/** Command lines that people start from. */
export const TRAIN_EXAMPLES: Command['examples'] = [
  ['train', 'the main job: all of MNIST, at least 97 % of the test images'],
  ['train --recipe seed --lr 0.1 --seed 7', 'a small experiment, with two settings changed'],
  ['train --layers 784,128,10 --backend ts', 'a wider network; no native code'],
  ['train --data iris.csv --label species --split 0.7,0.15,0.15', 'a table'],
  ['train --data pets --image-size 32x32 --split 0.8,0.1,0.1', 'folders of images'],
  ['train --config my.yaml --json', 'settings from a file; one JSON object an event'],
  ['train --checkpoint run.checkpoint', 'saved after every epoch'],
  ['train --resume run.checkpoint', 'and on from there'],
  ['train --start old.safetensors --data more.csv --lr 0.01', 'fine-tuning'],
  ['train --plot report.html', 'a page to look at, or to show'],
];

/** Printed at the end of the help. */
export const TRAIN_EPILOGUE = `Recipes:
  mnist       a network 784-32-10 on all of MNIST, binarised and shifted by a pixel; 97 % and more
  seed        5,000 images split 70/15/15, one image a step, 5 epochs
  listing     as seed, with ReLU before softmax, weights from N(0, 0.1), training on validation too
  mnist-best  a network 784-512-256-10, on images moved and turned a little: the best of these
  table       classes of a table: layers, batch and epochs by its size, AdamW, the epoch with the
              lowest validation loss is kept; table-regression: the same for numbers

The defaults above are those of recipe mnist. Data of other sizes get layers that fit, data without
test samples are split 0.7,0.15,0.15; what changes is said. The same recipe, data and seed give the
same bits on every backend and machine.`;

function settingOptions(): Record<string, Options> {
  const { mnist } = RECIPES;
  return Object.fromEntries(
    SETTINGS.map(({ option, describe, group, isFlag, usual, textIn }) => {
      const described = valueOption(describe, usual ?? textIn(mnist!), group);
      if (isFlag) delete described.nargs;
      return [option, described];
    }),
  );
}
