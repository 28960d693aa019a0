import { BitgradError, show } from '@bitgrad/core';
import { listNames } from '../classes.js';
import { closest } from '../closest.js';

/** Columns as people name them: a name, a pattern (`temp_*`), a number counted from 1, `3-7`. */
export type ColumnChoice = readonly (string | number)[];

/**
 * Finds columns: by their names, else by patterns or numbers.
 *
 * @param option for errors
 * @throws BitgradError if one is not there; the fix suggests one
 */
export function chooseColumns(
  names: readonly string[],
  choice: ColumnChoice,
  option: string,
  fileName: string,
): Set<number> {
  const chosen = new Set<number>();
  for (const one of choice) {
    const found = findColumns(names, String(one));
    for (const index of found) chosen.add(index);
    if (found.length > 0) continue;
    const near = closest(String(one), names);
    throw new BitgradError(
      `${fileName}: expected ${option} to be of the columns ${listNames(names)}, received ${show(one)}`,
      near === undefined ? undefined : `Did you mean ${show(near)}?`,
    );
  }
  return chosen;
}

function findColumns(names: readonly string[], wanted: string): number[] {
  const named = names.indexOf(wanted);
  if (named >= 0) return [named];
  const [, first, last = first] = /^(\d+)(?:-(\d+))?$/.exec(wanted) ?? [];
  if (first !== undefined) {
    return names.flatMap((_, index) =>
      index + 1 >= Number(first) && index + 1 <= Number(last) ? [index] : [],
    );
  }
  if (!/[*?]/.test(wanted)) return [];
  const escaped = wanted.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  const pattern = new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's');
  return names.flatMap((name, index) => (pattern.test(name) ? [index] : []));
}
