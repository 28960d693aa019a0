import {
  type Checkpoint,
  changeRecipe,
  checkFields,
  RECIPES,
  type Recipe,
  RecipeError,
  type SavedModel,
  show,
  taskOf,
} from '@bitgrad/core';
import type { ImageSize, LoadOptions } from '@bitgrad/formats';
import { flagTextOf, parseInteger, textOf } from '../arguments.js';
import type { Arguments } from '../command.js';
import {
  channelsOf,
  embeddedData,
  givenData,
  imageSizeOf,
  labelOf,
  likeOf,
  loadOptionsOf,
  pathOf,
} from '../data-options.js';
import { metricNamesOf } from '../display/metrics.js';
import { readModel } from '../model-file.js';
import { kebab } from '../suggest.js';
import { TABLE_FLAGS, TABLE_OPTIONS, tableOptionsOf } from '../table-options.js';
import { UsageError } from '../usage-error.js';
import { findRecipe } from './find-recipe.js';
import { checkFiles, type OutputRequest, outputsOf } from './outputs.js';
import { checkAgainst, checkImageSize, dataOf, readAs, readCheckpoint } from './resume.js';
import { SETTINGS } from './settings.js';

const FLAGS = [
  ...SETTINGS.filter(({ isFlag }) => isFlag).map(({ option }) => option),
  ...TABLE_FLAGS,
];
const OTHER_OPTIONS = [
  ...['recipe', 'data', 'label', 'image-size', 'channels', 'backend', 'threads', 'isa'],
  ...Object.keys(TABLE_OPTIONS),
  ...[
    'out',
    'checkpoint',
    'checkpoint-every',
    'resume',
    'start',
    'log',
    'plot',
    'metrics',
    'folds',
  ],
];
const ALL_OPTIONS = [...SETTINGS.map(({ option }) => option), ...OTHER_OPTIONS];

/** What somebody asks `train` to do. */
export interface TrainingRequest {
  /** The recipe that was named, or the embedded digits' own; else the data decide. */
  readonly base: Recipe | undefined;
  /** The fields of it that were asked for one by one. */
  readonly changes: Partial<Recipe>;
  readonly checkpoint: Checkpoint | undefined;
  /** The model whose weights come first. */
  readonly start: SavedModel | undefined;
  readonly data: string;
  readonly loadOptions: LoadOptions;
  readonly outputs: OutputRequest;
  /** How many folds to test one after the other; null for one training. */
  readonly folds: number | null;
  /** The measures to print; null for all. */
  readonly metricNames: ReturnType<typeof metricNamesOf>;
  /** Values that are no part of the recipe, as texts. */
  readonly backend: string;
  readonly threads: string | undefined;
  readonly isa: string | undefined;
  /** The same error, or for one about a recipe's field, one that names the option instead. */
  readonly explain: (error: unknown) => unknown;
}

/**
 * Puts a request together: the recipe's values, those of `--config` over them, options over both.
 * With `--resume`, the recipe is the checkpoint's, and nothing may contradict it.
 *
 * @throws UsageError for a wrong value, named as the option or the line of the file that holds it
 */
export async function readRequest(argv: Arguments): Promise<TrainingRequest> {
  const { textFor, whereIs } = await sourcesOf(argv);
  const explain = explainer(whereIs);
  const resume = textFor('resume');
  const checkpoint = resume === undefined ? undefined : await readCheckpoint(resume);
  const start = await readStart(textFor, whereIs);
  const name = textFor('recipe');
  const named = name === undefined ? undefined : findRecipe(name, whereIs('recipe'));
  const changes = SETTINGS.flatMap((setting) => {
    const text = textFor(setting.option);
    return text === undefined ? [] : [{ setting, value: setting.parse(text) }];
  });
  if (checkpoint && resume !== undefined) {
    checkAgainst(checkpoint, resume, name, changes, whereIs);
  }
  const imageSize = imageSizeOf(textFor('image-size'), whereIs('image-size'));
  if (checkpoint && imageSize) checkImageSize(checkpoint, imageSize, whereIs('image-size'));
  const data =
    givenData(argv) ??
    textFor('data') ??
    startData(start, textFor('start')) ??
    dataOf(checkpoint, resume);
  const outputs = outputsOf(textFor, whereIs);
  const files = { config: textOf(argv, 'config'), start: textFor('start') };
  const read = { ...files, resume, data: pathOf(data) };
  await checkFiles(outputs, read, whereIs);
  try {
    const given = Object.fromEntries(
      changes.map(({ setting, value }) => [setting.field, value]),
    ) as Partial<Recipe>;
    const base =
      checkpoint?.recipe ??
      named ??
      start?.recipe ??
      (data === 'mnist' ? RECIPES.mnist : undefined);
    // What can be checked without the data is checked before they are loaded. Layers in short, and weights
    // by the names of classes, become whole with the data.
    const checkable = Object.fromEntries(
      Object.entries(given).filter(([field, value]) => !needsData(field, value)),
    );
    if (base) changeRecipe(base, checkable);
    else checkFields(checkable);
    return {
      base,
      // A recipe for tables chooses layers by the data.
      changes: start ? { layers: start.recipe.layers, ...given } : given,
      checkpoint,
      start,
      data,
      loadOptions: {
        label: labelOf(textFor('label')),
        ...tableOptionsOf(textFor, whereIs),
        ...(checkpoint ? readAs(checkpoint) : {}),
        imageSize,
        usualImageSize: imageSizeIn(base ?? RECIPES.images),
        channels: channelsOf(textFor('channels'), whereIs('channels')),
        modelImageSize: checkpoint?.dataset.image ?? undefined,
        ...taskFor(checkpoint?.recipe.loss ?? given.loss ?? lossOf(named)),
        ...(start ? { ...loadOptionsOf(start, textFor('label')), like: likeOf(start) } : {}),
      },
      outputs,
      folds: foldsOf(textFor, whereIs),
      metricNames: metricNamesOf(textFor('metrics'), whereIs('metrics')),
      backend: textFor('backend') ?? 'auto',
      threads: textFor('threads'),
      isa: textFor('isa'),
      explain,
    };
  } catch (error) {
    throw explain(error);
  }
}

/** Whether only the data say what a field's value means. */
function needsData(field: string, value: unknown): boolean {
  if (field === 'layers') return Array.isArray(value);
  return field === 'classWeights' && typeof value === 'object' && !Array.isArray(value);
}

/** @throws UsageError if the model to start from does not go with other options */
async function readStart(
  textFor: Sources['textFor'],
  whereIs: Sources['whereIs'],
): Promise<SavedModel | undefined> {
  const path = textFor('start');
  if (path === undefined) return undefined;
  for (const [option, why] of [
    ['resume', 'whose checkpoint has weights of its own'],
    ['init', 'because the weights that come first are those of the model'],
  ] as const) {
    if (textFor(option) === undefined) continue;
    throw new UsageError(`${whereIs('start')}: expected none with --${option}, ${why}`);
  }
  return (await readModel(path)).model;
}

/** The data of a model to start from, where they come along. */
function startData(start: SavedModel | undefined, path: string | undefined): string | undefined {
  if (start === undefined || path === undefined) return undefined;
  return embeddedData(start.receipt.dataset.name, path, 'train on');
}

/** The size of the images that a recipe is made for, if it says one. */
function imageSizeIn({ layers: [input] }: Recipe): ImageSize | undefined {
  if (typeof input !== 'object' || 'type' in input) return undefined;
  const [height, width] = input;
  return { height, width };
}

/** Options that say where to write a model or how to cut the data, which folds do not. */
const NOT_WITH_FOLDS = ['out', 'checkpoint', 'resume', 'start', 'plot', 'log', 'fold'];

function foldsOf(
  textFor: (option: string) => string | undefined,
  whereIs: (option: string) => string,
): number | null {
  const text = textFor('folds');
  if (text === undefined) return null;
  const folds = parseInteger(text);
  if (folds === undefined || folds < 2 || folds > 1000) {
    throw new UsageError(
      `${whereIs('folds')}: expected an integer from 2 to 1000, received ${show(text)}`,
    );
  }
  const other = NOT_WITH_FOLDS.find((option) => textFor(option) !== undefined);
  if (other === undefined) return folds;
  throw new UsageError(
    `${whereIs(other)}: expected none with --folds, which tests a recipe and writes no model`,
    'leave one of them out',
  );
}

/** What a loss that somebody asked for says of the label; without one, the label says it. */
function taskFor(loss: Recipe['loss'] | undefined): Pick<LoadOptions, 'task'> {
  if (loss === undefined) return { task: 'auto' };
  return { task: taskOf({ loss }) };
}

/** The loss of a recipe that can have no other. */
function lossOf(named: Recipe | undefined): Recipe['loss'] | undefined {
  return named?.loss === 'cross-entropy' ? undefined : named?.loss;
}

/** Where options' values come from. */
interface Sources {
  /** The text of an option, if it was given. */
  readonly textFor: (option: string) => string | undefined;
  /** What to call an option in messages. */
  readonly whereIs: (option: string) => string;
}

async function sourcesOf(argv: Arguments): Promise<Sources> {
  const file = textOf(argv, 'config');
  const configured = file === undefined ? new Map<string, string>() : await configuredIn(file);
  return {
    textFor: (option) =>
      (FLAGS.includes(option) ? flagTextOf : textOf)(argv, option) ?? configured.get(option),
    whereIs: (option) =>
      argv[option] === undefined && configured.has(option) ? `${file}: ${option}` : `--${option}`,
  };
}

async function configuredIn(file: string): Promise<ReadonlyMap<string, string>> {
  // Only here, because its parser would slow every training's start.
  const { readConfigFile } = await import('./config-file.js');
  return readConfigFile(file, ALL_OPTIONS);
}

function explainer(whereIs: Sources['whereIs']): TrainingRequest['explain'] {
  return (error) => {
    if (!(error instanceof RecipeError)) return error;
    const setting = SETTINGS.find(({ field }) => field === error.field);
    if (setting === undefined) return error;
    const problem = error.problem
      .replace(/\bnull\b/, setting.nullWord ?? 'none')
      .replace(/\b(?:l2|weightDecay)\b/, (field) => `--${kebab(field)}`);
    return new UsageError(
      `${whereIs(setting.option)}: ${problem.replace(' (split)', '')}`,
      problem.includes('(split)') ? 'keep some apart, as in --split 0.8,0.1,0.1' : undefined,
    );
  };
}
