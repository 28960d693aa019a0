import { BitgradError, show } from '@bitgrad/core';
import { listNames } from '../classes.js';
import { closest } from '../closest.js';

/**
 * Finds the column to be learnt: by its name, else by its number counted from 1; the last one if
 * nothing is said.
 *
 * @throws BitgradError if there is no such column; the fix suggests one
 */
export function findLabel(
  names: readonly string[],
  label: string | number | undefined,
  fileName: string,
): number {
  if (label === undefined) return names.length - 1;
  const named = names.indexOf(String(label));
  if (named >= 0) return named;
  const number = /^[+-]?\d+$/.test(String(label)) ? Number(label) : Number.NaN;
  if (Number.isNaN(number)) {
    const near = closest(String(label), names);
    throw new BitgradError(
      `${fileName}: expected the label to be one of the columns ${listNames(names)}, received ${show(label)}`,
      near === undefined ? undefined : `Did you mean ${show(near)}?`,
    );
  }
  if (number < 1 || number > names.length) {
    throw new BitgradError(
      `${fileName}: expected the label to be a column from 1 to ${names.length}, received ${number}`,
    );
  }
  return number - 1;
}
