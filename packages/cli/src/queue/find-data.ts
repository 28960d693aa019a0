import { readdir, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { decodeModel } from '@bitgrad/core';
import { loadOptionsToVerify } from '../data-options.js';
import type { BackendTexts, Order } from '../jobs/tasks.js';
import { readRequest } from '../train/request.js';
import type { Checked, NamedData } from './payload.js';

/** What data are called on every machine: as their file or folder. */
export function nameOfData(path: string): string {
  return basename(resolve(path));
}

/**
 * What a process of this machine is told to do for a job, by its own data.
 *
 * @param given the data that this worker was given, or the folder that holds them
 */
export async function orderOf(
  { data, task }: Checked,
  given: string | undefined,
  by: BackendTexts,
): Promise<Order | { readonly refusal: string }> {
  const place = await findData(data, given);
  if (place === null) {
    return { refusal: `data ${JSON.stringify(data.name)}: expected in --data, received none` };
  }
  const loadOptions =
    task.kind === 'train'
      ? (await readRequest({ ...data.options, data: place })).loadOptions
      : loadOptionsToVerify(
          await decodeModel(task.model, 'model'),
          data.options.label,
          task.start !== null,
        );
  return { task, by, source: { data: place, loadOptions, sha256: data.sha256 } };
}

/**
 * Where a worker has the data of a job: what it was given, if it is called so, or what is called so in
 * the folder that it was given. A name only chooses from what is there, and never becomes a path.
 *
 * @returns null where it has none
 */
export async function findData(
  { name, isEmbedded }: Pick<NamedData, 'name' | 'isEmbedded'>,
  given: string | undefined,
): Promise<string | null> {
  if (isEmbedded) return name;
  if (given === undefined) return null;
  if (nameOfData(given) === name) return given;
  const found = await stat(given).catch(() => null);
  const names = found?.isDirectory() ? await readdir(given).catch(() => []) : [];
  return names.includes(name) ? join(given, name) : null;
}
