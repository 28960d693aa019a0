import { stat } from 'node:fs/promises';
import { isEmbedded } from '../data-options.js';
import { keepInputs, type NamedFile } from '../keep-inputs.js';
import type { Plan } from './plan.js';
import { filesOf } from './trial.js';

/**
 * Makes sure that a sweep replaces neither its plan nor its data. (Of a folder of data, no reader takes files of
 * the names that it writes.)
 *
 * @param plan what the file at `path` holds, or an object that is called so
 * @throws UsageError that names what is read
 */
export async function keepRead(folder: string, { common }: Plan, path: string): Promise<void> {
  const { data } = common;
  const reads: NamedFile[] = [{ where: 'sweep', path }];
  if (data !== undefined && !isEmbedded(data)) reads.push({ where: `${path}: data`, path: data });
  const are = await Promise.all(reads.map(isFile));
  const { receipts, best, report } = filesOf(folder);
  await keepInputs(
    [receipts, best, report].map((written) => ({ where: '--out', path: written })),
    reads.filter((_, at) => are[at]),
  );
}

async function isFile({ path }: NamedFile): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isFile() === true;
}
