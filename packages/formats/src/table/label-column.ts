import { BitgradError, show } from '@bitgrad/core';
import { listNames } from '../classes.js';
import { closest } from '../closest.js';
import { type ColumnChoice, choicesIn, chooseColumns } from './choose.js';
import type { TableStore } from './table-store.js';

/** What is to be learnt: a column's name or number, several with commas between or as a list. */
export type Label = string | number | readonly (string | number)[];

/**
 * Finds the columns to be learnt: by their names, else by their numbers counted from 1; the last one
 * that holds something, is not the rows' index and is not dropped, if nothing is said.
 *
 * @throws BitgradError if there is no such column; the fix suggests one
 */
export function findLabels(
  { names, columns }: Pick<TableStore, 'names' | 'columns'>,
  label: Label | undefined,
  fileName: string,
  indexColumns: readonly string[] = [],
  drop: ColumnChoice = [],
): readonly number[] {
  if (label === undefined) {
    const dropped = chooseColumns(names, drop, 'drop', fileName);
    const last = columns
      .map(
        ({ missing, length }, at) =>
          missing < length && !indexColumns.includes(names[at]!) && !dropped.has(at),
      )
      .lastIndexOf(true);
    return [last < 0 ? names.length - 1 : last];
  }
  if (typeof label === 'object') {
    return [
      ...new Set(label.flatMap((one) => [...chooseColumns(names, [one], 'the label', fileName)])),
    ];
  }
  if (names.includes(String(label))) return [names.indexOf(String(label))];
  if (typeof label === 'string' && /[,*?"]/.test(label)) {
    const several = choicesIn(names, label);
    if (several.length > 0) return findLabels({ names, columns }, several, fileName);
  }
  return [findLabel(names, label, fileName)];
}

function findLabel(names: readonly string[], label: string | number, fileName: string): number {
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
