import { BitgradError, show, type TableEncoding } from '@bitgrad/core';
import type { LoadOptions } from '../options.js';
import { type ColumnChoice, choicesIn, chooseColumns, findColumns, noColumn } from './choose.js';
import type { TableStore } from './table-store.js';

/**
 * Checks that nothing that somebody asked of a table's columns contradicts the encoding that is followed.
 *
 * @returns what people should know: names to drop that are no columns
 * @throws BitgradError naming the first column that the encoding treats otherwise, or a name that is nearly a column's
 */
export function checkFollowed(
  { names, columns: cells }: TableStore,
  encoding: TableEncoding,
  options: LoadOptions,
  fileName: string,
): string[] {
  const choose = (option: string, choice: ColumnChoice | undefined): Set<string> =>
    new Set([...chooseColumns(names, choice ?? [], option, fileName)].map((at) => names[at]!));
  const { columns, missing = 'impute' } = encoding;
  const refuse = (name: string, how: string, option: string): never => {
    throw new BitgradError(
      `${fileName}: column ${show(name)}: expected as the model was trained, which ${how}, received another wish (${option})`,
      'A model keeps its columns: leave the option out, or train anew.',
    );
  };
  const dropped = new Set<string>();
  const notes: string[] = [];
  for (const one of choicesIn(names, options.drop ?? [])) {
    const found = findColumns(names, String(one));
    for (const at of found) dropped.add(names[at]!);
    if (found.length > 0) continue;
    const misspelt = noColumn(names, one, 'drop', fileName);
    if (misspelt.fix !== undefined) throw misspelt;
    // What another table lacks that was dropped in training is no fault.
    notes.push(`drop: ${show(one)} is no column of ${fileName}`);
  }
  const chosen = options.columns === undefined ? null : choose('columns', options.columns);
  const categorical = choose('categorical', options.categorical);
  const numeric = choose('numeric', options.numeric);
  for (const { name, categories } of columns) {
    if (dropped.has(name)) refuse(name, 'learns from it', 'drop');
    if (chosen && !chosen.has(name)) refuse(name, 'learns from it', 'columns');
    if (categorical.has(name) && categories === null)
      refuse(name, 'takes its numbers', 'categorical');
    if (numeric.has(name) && categories !== null) refuse(name, 'takes categories', 'numeric');
  }
  const known = [...columns, ...(encoding.targets ?? []), { name: encoding.label }];
  const isEmpty = (name: string): boolean => {
    const { missing: none, length } = cells[names.indexOf(name)]!;
    return none === length;
  };
  for (const name of chosen ?? []) {
    if (known.some((one) => one.name === name) || dropped.has(name) || isEmpty(name)) continue;
    refuse(name, 'does not learn from it', 'columns');
  }
  if (options.missing !== undefined && options.missing !== missing) {
    throw new BitgradError(
      `${fileName}: missing: expected ${missing}, as the model was trained, received ${options.missing}`,
      'A model keeps it: leave the option out, or train anew.',
    );
  }
  return notes;
}
