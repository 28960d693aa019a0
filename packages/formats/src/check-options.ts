import { BitgradError, show } from '@bitgrad/core';
import type { LoadOptions } from './options.js';

interface Check {
  readonly isValid: (value: unknown) => boolean;
  readonly expected: string;
}

const FLAG: Check = { isValid: (value) => typeof value === 'boolean', expected: 'true or false' };

const CHOICE: Check = {
  isValid: (value) => isChoice(Array.isArray(value) ? value : [value]),
  expected: "columns' names, patterns or numbers counted from 1, as a list or with commas between",
};

function isChoice(values: readonly unknown[]): boolean {
  return (
    values.length > 0 &&
    values.every((one) => (typeof one === 'string' && one !== '') || Number.isInteger(one))
  );
}

const EXPECTED: Readonly<Record<keyof LoadOptions, Check>> = {
  label: {
    isValid: (value) => isChoice(Array.isArray(value) ? value : [value]),
    expected: "a column's name, or its number counted from 1",
  },
  task: {
    isValid: (value) =>
      ['classification', 'regression', 'multi-label', 'auto'].includes(value as string),
    expected: 'classification, regression, multi-label or auto',
  },
  columns: CHOICE,
  drop: CHOICE,
  categorical: CHOICE,
  numeric: CHOICE,
  keepIds: FLAG,
  missing: {
    isValid: (value) => value === 'impute' || value === 'drop' || value === 'error',
    expected: 'impute, drop or error',
  },
  strict: FLAG,
  skipBad: FLAG,
  digest: FLAG,
  rules: { isValid: (value) => value === 1, expected: '1' },
  encoding: {
    isValid: (value) => typeof value === 'object' && value !== null,
    expected: 'the encoding of a model',
  },
  header: {
    isValid: (value) => value === 'auto' || typeof value === 'boolean',
    expected: 'auto, true or false',
  },
  imageSize: {
    isValid: (value) => typeof value === 'object' && value !== null,
    expected: 'a height and a width',
  },
  usualImageSize: {
    isValid: (value) => typeof value === 'object' && value !== null,
    expected: 'a height and a width',
  },
  channels: {
    isValid: (value) => value === 'grey' || value === 'rgb',
    expected: 'grey or rgb',
  },
  modelImageSize: {
    isValid: (value) => typeof value === 'object' && value !== null,
    expected: 'a height and a width',
  },
  like: {
    isValid: (value) => typeof value === 'object' && value !== null,
    expected: 'the classes of a model',
  },
};

/** The names of all options. */
export const LOAD_OPTIONS: readonly string[] = Object.keys(EXPECTED);

/** Thrown for an option that is not valid or not for these data; its message begins with its name. */
export class OptionError extends BitgradError {
  override readonly name: string = 'OptionError';

  constructor(
    readonly option: keyof LoadOptions,
    readonly problem: string,
  ) {
    super(`${option}: ${problem}`);
  }
}

/** @throws BitgradError at the first option that is unknown or not valid */
export function checkOptions(options: LoadOptions): void {
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue;
    const check = EXPECTED[name as keyof LoadOptions];
    if (check === undefined) {
      throw new BitgradError(
        `${name}: expected no such option, which are ${Object.keys(EXPECTED).join(', ')}`,
      );
    }
    if (!check.isValid(value)) {
      throw new OptionError(
        name as keyof LoadOptions,
        `expected ${check.expected}, received ${show(value)}`,
      );
    }
  }
}

/** The options of tables alone. */
export const TABLE_OPTIONS: readonly (keyof LoadOptions)[] = [
  'header',
  'columns',
  'drop',
  'categorical',
  'numeric',
  'keepIds',
];

/** @throws OptionError if an option is given that means nothing for this data set */
export function refuseOptions(
  options: LoadOptions,
  place: string,
  names: readonly (keyof LoadOptions)[],
): void {
  const given = names.find((name) => options[name] !== undefined);
  if (given === undefined) return;
  const reason = given === 'imageSize' ? 'holds no image files to resize' : 'is no such table';
  throw new OptionError(given, `expected none, because ${place} ${reason}`);
}
