import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { BitgradError } from '@bitgrad/core';

/**
 * The files that paths mean: each as it is, but for patterns as in `*.csv`, for shells that hand them
 * through, and where they stand in quotes: the files that they fit, in the order of their names.
 *
 * @throws BitgradError for a pattern that fits no file
 */
export async function filesOf(paths: readonly string[]): Promise<string[]> {
  const found = await Promise.all(paths.map(fittingFiles));
  return found.flat();
}

async function fittingFiles(path: string): Promise<string[]> {
  if (!/[*?]/.test(basename(path))) return [path];
  // Whatever else is wrong with a file, reading it tells.
  if ((await stat(path).catch(() => null)) !== null) return [path];
  const isFitting = patternOf(basename(path));
  const names = await readdir(dirname(path)).catch(() => []);
  const fitting = names.filter((name) => isFitting.test(name)).sort();
  if (fitting.length > 0) return fitting.map((name) => join(dirname(path), name));
  throw new BitgradError(`${path}: expected at least one file called so, received none`);
}

/** `*` stands for any characters but at the start of a hidden file's name, `?` for one. */
function patternOf(text: string): RegExp {
  const source = text
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*+/g, '.*')
    .replace(/\?/g, '.');
  return new RegExp(text.startsWith('.') ? `^${source}$` : `^(?!\\.)${source}$`);
}
