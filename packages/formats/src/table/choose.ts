import { BitgradError, show } from '@bitgrad/core';
import { listNames } from '../classes.js';
import { closest } from '../closest.js';

/**
 * Columns as people name them: a name, a pattern (`temp_*`), a number counted from 1, `3-7`; a list of them, or a text with
 * commas between, in which quotes keep a name with commas together.
 */
export type ColumnChoice = string | readonly (string | number)[];

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
  for (const one of choicesIn(names, choice)) {
    const found = findColumns(names, String(one));
    for (const index of found) chosen.add(index);
    if (found.length > 0) continue;
    throw noColumn(names, one, option, fileName);
  }
  return chosen;
}

/** The error that a choice means no column; the fix suggests one. */
export function noColumn(
  names: readonly string[],
  choice: string | number,
  option: string,
  fileName: string,
): BitgradError {
  const near = closest(String(choice), names);
  return new BitgradError(
    `${fileName}: expected ${option} to be of the columns ${listNames(names)}, received ${show(choice)}`,
    near === undefined ? undefined : `Did you mean ${show(near)}?`,
  );
}

/** What a choice lists: a text that is a column's name is that column. */
export function choicesIn(
  names: readonly string[],
  choice: ColumnChoice,
): readonly (string | number)[] {
  if (typeof choice !== 'string') return choice;
  if (names.includes(choice)) return [choice];
  return (choice.match(/\s*"(?:[^"]|"")*"\s*(?=,|$)|[^,]+/g) ?? [])
    .map((one) => one.trim())
    .map((one) => (/^".*"$/s.test(one) ? one.slice(1, -1).replaceAll('""', '"') : one))
    .filter((one) => one !== '');
}

/** Whether a choice means a column by its own name or number, not by a pattern of several. */
export function namesColumn(
  names: readonly string[],
  choice: ColumnChoice | undefined,
  index: number,
): boolean {
  return choicesIn(names, choice ?? []).some((one) => {
    const found = findColumns(names, String(one));
    return found.length === 1 && found[0] === index;
  });
}

/** Which columns one of a choice's elements means; none where there is no such column. */
export function findColumns(names: readonly string[], wanted: string): number[] {
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
