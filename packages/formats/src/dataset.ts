import { stat } from 'node:fs/promises';
import { BitgradError, type Dataset, show } from '@bitgrad/core';
import { readIdxDataset } from './idx-dataset.js';
import { loadMnist } from './mnist.js';

/**
 * Loads a data set by its name or from the disk.
 *
 * @param nameOrPath `mnist` (the embedded one; a folder of that name is `./mnist`), or the path of
 *   a folder of IDX files
 * @throws BitgradError if there is none, or it is damaged
 */
export async function loadDataset(nameOrPath: string): Promise<Dataset> {
  if (nameOrPath === 'mnist') return loadMnist();
  const found = await stat(nameOrPath).catch(() => null);
  if (found?.isDirectory()) return readIdxDataset(nameOrPath);
  const received = found === null ? 'nothing is there' : 'it is a file';
  throw new BitgradError(
    `data set ${show(nameOrPath)}: expected mnist or a folder of IDX files; ${received}`,
  );
}
