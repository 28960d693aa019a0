import { BitgradError, show } from '@bitgrad/core';
import type { LoadOptions } from './options.js';

const EXPECTED: Readonly<
  Record<
    keyof LoadOptions,
    { readonly isValid: (value: unknown) => boolean; readonly expected: string }
  >
> = {
  label: {
    isValid: (value) => (typeof value === 'string' && value !== '') || Number.isInteger(value),
    expected: "a column's name, or its number counted from 1",
  },
  task: {
    isValid: (value) => value === 'classification' || value === 'regression',
    expected: 'classification or regression',
  },
  header: {
    isValid: (value) => value === 'auto' || typeof value === 'boolean',
    expected: 'auto, true or false',
  },
  imageSize: {
    isValid: (value) => typeof value === 'object' && value !== null,
    expected: 'a height and a width',
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
