import type { LoadOptions } from '@bitgrad/formats';
import type { Options } from 'yargs';
import { valueOption } from './command.js';
import { UsageError } from './usage-error.js';

const COLUMNS = 'names, patterns (temp_*) or numbers, comma-separated';

/** The options that say how a table's columns become features, and what becomes of what is not whole. */
export const TABLE_OPTIONS: Readonly<Record<string, Options>> = {
  columns: valueOption(`the columns of a table to learn from: ${COLUMNS}`, 'all', 'Data:'),
  drop: valueOption(`columns that are not learnt from: ${COLUMNS}`, 'none', 'Data:'),
  categorical: valueOption(
    `columns that are categories though they hold numbers: ${COLUMNS}`,
    'none',
    'Data:',
  ),
  numeric: valueOption(
    `columns that must hold numbers, so that a text in them is an error: ${COLUMNS}`,
    'none',
    'Data:',
  ),
  'keep-ids': {
    describe: 'learn from columns that only tell rows apart, too (default false)',
    group: 'Data:',
  },
  'skip-bad': {
    describe: 'leave out images that do not decode, and list them (default false)',
    group: 'Data:',
  },
  missing: valueOption(
    'missing cells: impute (the median and a feature that says so; for texts a category), drop (leave the row out) or error',
    'impute',
    'Data:',
  ),
};

/** The names of those that are flags. */
export const TABLE_FLAGS: readonly string[] = ['keep-ids', 'skip-bad'];

/**
 * Reads the options of tables.
 *
 * @param textFor the text of an option, if it was given
 * @param whereIs what to call an option in messages
 * @throws UsageError if one has another value than it may have
 */
export function tableOptionsOf(
  textFor: (option: string) => string | undefined,
  whereIs: (option: string) => string = (option) => `--${option}`,
): LoadOptions {
  const missing = textFor('missing');
  if (missing !== undefined && missing !== 'impute' && missing !== 'drop' && missing !== 'error') {
    throw new UsageError(
      `${whereIs('missing')}: expected impute, drop or error, received ${missing}`,
    );
  }
  const given: LoadOptions = {
    columns: textFor('columns'),
    drop: textFor('drop'),
    categorical: textFor('categorical'),
    numeric: textFor('numeric'),
    keepIds: flagOf(textFor('keep-ids'), whereIs('keep-ids')),
    skipBad: flagOf(textFor('skip-bad'), whereIs('skip-bad')),
    missing,
  };
  return Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined),
  ) as LoadOptions;
}

/** @throws UsageError if a flag has a value that is neither */
export function flagOf(text: string | undefined, where: string): boolean | undefined {
  if (text === undefined) return undefined;
  if (text === 'true' || text === 'false') return text === 'true';
  throw new UsageError(`${where}: expected true or false, received ${text}`);
}
