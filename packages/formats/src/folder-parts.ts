import { join } from 'node:path';
import { BitgradError } from '@bitgrad/core';
import { checkInside, listFolder } from './files.js';

/** The files of a folder that are read, by the part that they belong to. */
export interface FolderParts {
  readonly train: readonly string[];
  readonly validation: readonly string[];
  readonly test: readonly string[];
  /** For people: the data files that are not read. */
  readonly notes: readonly string[];
}

const PARTS = [
  ['train', /^train/i, /[-_. ]train/i],
  ['validation', /^(?:val|dev(?![a-z]))/i, /[-_. ](?:val|dev(?![a-z]))/i],
  ['test', /^test/i, /[-_. ]test/i],
] as const;
const SHOWN = 4;

/**
 * The files in folders called as parts are, as `train/a.csv`, that hold no folders themselves.
 *
 * @throws BitgradError if such a folder leads out of this one
 */
export async function filesInParts(
  folder: string,
  folders: readonly string[],
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const name of folders.filter((one) => PARTS.some(([, start]) => start.test(one)))) {
    await checkInside([join(folder, name)], folder);
    const { files, folders: inner } = await listFolder(join(folder, name));
    if (inner.length === 0) found.push(...files.map((file) => `${name}/${file}`));
  }
  return found;
}

/**
 * Files called `train…`, `val…` (`valid…`, `validation…`, `dev`) and `test…`, or `iris_train…` and so on,
 * each part in the order of its names; or the only one, to train.
 *
 * @param files of the folder
 * @param pattern of the names of files that are read
 * @param others of the names of data that are not read along with them
 * @throws BitgradError if there are no such files, a part is there only as another kind of file, or a
 *   file is a link that leads out of the folder
 */
export async function divideFolder(
  folder: string,
  files: readonly string[],
  pattern: RegExp,
  others: RegExp,
): Promise<FolderParts> {
  const fitting = files.filter((name) => pattern.test(name));
  const begin = fitting.some((name) => PARTS[0][1].test(name));
  const partOf = (name: string): (typeof PARTS)[number][0] | undefined =>
    PARTS.find(([, start, inside]) => (begin ? start : inside).test(name))?.[0];
  const called = (part: string): string[] => fitting.filter((name) => partOf(name) === part);
  const isDivided = called('train').length > 0;
  if (!isDivided && fitting.length !== 1) {
    throw new BitgradError(
      `${folder}: expected files called train…, val… and test…, received ${describeNames(fitting)}`,
      'Or give the path of one file.',
    );
  }
  const parts = isDivided
    ? { train: called('train'), validation: called('validation'), test: called('test') }
    : { train: fitting, validation: [], test: [] };
  const used = [...parts.train, ...parts.validation, ...parts.test];
  const unread = files.filter((name) => others.test(name) && !used.includes(name));
  const lost = unread.find((name) => {
    const part = partOf(name);
    return part !== undefined && parts[part].length === 0;
  });
  if (lost !== undefined) {
    throw new BitgradError(
      `${folder}: expected all parts in one kind of file, received ${describeNames([used[0]!, lost])}`,
      'Save them as the same kind of file, or give the path of one.',
    );
  }
  const paths = (names: readonly string[]): string[] => names.map((name) => join(folder, name));
  await checkInside(paths(used), folder);
  return {
    train: paths(parts.train),
    validation: paths(parts.validation),
    test: paths(parts.test),
    notes:
      unread.length === 0
        ? []
        : [`${folder}: ${describeNames(unread)} ${unread.length === 1 ? 'is' : 'are'} not read`],
  };
}

/** The first of some names, for errors. */
export function describeNames(names: readonly string[]): string {
  if (names.length === 0) return 'an empty folder';
  return `${names.slice(0, SHOWN).join(', ')}${names.length > SHOWN ? ', …' : ''}`;
}
