import { stat } from 'node:fs/promises';
import { type Dataset, type SavedModel, show } from '@bitgrad/core';
import type { ImageSize, LoadOptions } from '@bitgrad/formats';
import { loadDataset, OptionError } from '@bitgrad/formats/dataset';
import type { Options } from 'yargs';
import { parseInteger, textOf } from './arguments.js';
import { type Arguments, valueOption } from './command.js';
import { loadOptionsAgain } from './library/like.js';
import { kebab } from './suggest.js';
import { UsageError } from './usage-error.js';

/** The data sets that come along, and need not be named. */
const EMBEDDED: readonly string[] = ['mnist'];

/** What `--data` takes, in words. */
export const DATA_KINDS =
  'mnist (comes along), a table (CSV, Parquet, Excel, JSON, Feather, ARFF; - for stdin), arrays (NPZ, NPY), a folder of IDX files, or of class folders of images';

/** The option that says which column of a table is to be learnt. */
export const labelOption: Options = valueOption(
  'the column of a table that is learnt: its name, or its number counted from 1; several of numbers, or of yes and no, with commas between',
  'the last',
  'Data:',
);

/** The option that says how large images become. */
export const imageSizeOption: Options = valueOption(
  'the size to which images in files are brought: HEIGHTxWIDTH, or one number for squares',
  "as the recipe's: 64x64, or 28x28 of those for digits",
  'Data:',
);

/** The option that says whether images keep their colours. */
export const channelsOption: Options = valueOption(
  'grey, or rgb for colours',
  'rgb where any image has colours',
  'Data:',
);

/**
 * Reads the value of `--channels`.
 *
 * @param where what to call the option in messages
 * @throws UsageError if it is neither
 */
export function channelsOf(text: string | undefined, where: string): LoadOptions['channels'] {
  if (text === undefined || text === 'grey' || text === 'rgb') return text;
  throw new UsageError(`${where}: expected grey or rgb, received ${show(text)}`);
}

/**
 * Reads the value of `--image-size`.
 *
 * @param where what to call the option in messages
 * @throws UsageError if it is no size
 */
export function imageSizeOf(text: string | undefined, where: string): ImageSize | undefined {
  if (text === undefined) return undefined;
  const [, height, width = height] = /^(\d+)(?:[x×](\d+))?$/i.exec(text) ?? [];
  const size = { height: Number(height), width: Number(width) };
  if (Object.values(size).every((side) => side >= 1 && side <= 1024)) return size;
  throw new UsageError(
    `${where}: expected a height and a width from 1 to 1024, as in 28x28, received ${show(text)}`,
  );
}

/**
 * Loads data as the command line names them.
 *
 * @throws UsageError for an option that is not for these data; BitgradError naming file and place of
 *   what is wrong
 */
export async function loadData(nameOrPath: string, options: LoadOptions): Promise<Dataset> {
  try {
    return await loadDataset(nameOrPath, options);
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    throw new UsageError(`--${kebab(error.option)}: ${error.problem}`);
  }
}

/**
 * Checks that several processes can each read the data.
 *
 * @throws UsageError for stdin, a pipe or a device, which only one of them could
 */
export async function checkReadByAll(data: string): Promise<void> {
  const found = isEmbedded(data) ? null : await stat(data).catch(() => null);
  if (data !== '-' && (found === null || found.isFile() || found.isDirectory())) return;
  throw new UsageError(
    `--data: expected a file or a folder, which each process reads for itself, received ${data === '-' ? 'stdin' : data}`,
    'write it to a file first',
  );
}

/**
 * The data that were given, by `--data` or without it, as in `train iris.csv`.
 *
 * @throws UsageError if both were
 */
export function givenData(argv: Arguments): string | undefined {
  const position = textOf(argv, 'file');
  const option = textOf(argv, 'data');
  if (position === undefined || option === undefined || position === option) {
    return position ?? option;
  }
  throw new UsageError(
    `${position}: expected no more data beside --data ${option}`,
    'give one of them',
  );
}

/** Where data lie that are named by their path. */
export function pathOf(nameOrPath: string): string | undefined {
  return EMBEDDED.includes(nameOrPath) ? undefined : nameOrPath;
}

/** A column's number if the text is one, else its name. */
export function labelOf(text: string | undefined): LoadOptions['label'] {
  return text === undefined ? undefined : (parseInteger(text) ?? text);
}

/** How a model's own kind of data is loaded: see `loadOptionsAgain`. */
export function loadOptionsOf(
  model: Pick<SavedModel, 'recipe' | 'receipt' | 'encoding'>,
  label: string | undefined,
): LoadOptions {
  const options = loadOptionsAgain(model);
  return label === undefined ? options : { ...options, label: labelOf(label) };
}

/** What data must have in common with a model's: its classes and columns. */
export function likeOf({
  classNames,
  encoding,
  receipt,
}: Pick<SavedModel, 'classNames' | 'encoding' | 'receipt'>): LoadOptions['like'] {
  return { classes: receipt.dataset.classes, classNames, encoding };
}

/** How the data of a model's training are loaded to train on again; `hasStart`: from another model's weights. */
export function loadOptionsToVerify(
  model: Pick<SavedModel, 'recipe' | 'receipt' | 'encoding' | 'classNames'>,
  label: string | undefined,
  hasStart: boolean,
): LoadOptions {
  return { ...loadOptionsOf(model, label), ...(hasStart ? { like: likeOf(model) } : {}) };
}

/** Whether a data set comes along. */
export function isEmbedded(name: string): boolean {
  return EMBEDDED.includes(name);
}

/**
 * The data that a file of this program was made with, where it need not be named.
 *
 * @param name of the data, as the file says
 * @param file for messages
 * @throws UsageError if that data set does not come along
 */
export function embeddedData(name: string, file: string, purpose: string): string {
  if (EMBEDDED.includes(name)) return name;
  throw new UsageError(
    `--data: expected the data to ${purpose}, received none`,
    `${file} was trained on ${name}, which does not come along: give its path with --data`,
  );
}
