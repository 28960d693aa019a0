import type { SavedModel } from '@bitgrad/core';
import type { LoadOptions } from '@bitgrad/formats';
import type { Options } from 'yargs';
import { parseInteger } from './arguments.js';
import { valueOption } from './command.js';
import { UsageError } from './usage-error.js';

/** The data sets that come along, and need not be named. */
const EMBEDDED: readonly string[] = ['mnist'];

/** What `--data` takes, in words. */
export const DATA_KINDS =
  'mnist (comes along), a CSV, NPZ, NPY or Parquet file, a folder of IDX files, or of class folders of images';

/** The option that says which column of a table is to be learnt. */
export const labelOption: Options = valueOption(
  'the column of a table that is learnt: its name, or its number counted from 1',
  'the last',
  'Data:',
);

/** A column's number if the text is one, else its name. */
export function labelOf(text: string | undefined): LoadOptions['label'] {
  return text === undefined ? undefined : (parseInteger(text) ?? text);
}

/** How a model's own kind of data is loaded: its column, and classes or numbers. */
export function loadOptionsOf(
  { recipe, encoding }: Pick<SavedModel, 'recipe' | 'encoding'>,
  label: string | undefined,
): LoadOptions {
  return {
    label: labelOf(label) ?? encoding?.label,
    ...(recipe.loss === 'squared-error' ? { task: 'regression' } : {}),
  };
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
