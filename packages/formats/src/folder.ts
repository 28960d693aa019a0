import { join } from 'node:path';
import { BitgradError, type Dataset } from '@bitgrad/core';
import { refuseOptions, TABLE_OPTIONS } from './check-options.js';
import { datasetName } from './dataset-name.js';
import { checkInside, listFolder } from './files.js';
import type { LoadOptions } from './options.js';

const IDX = /[-.]idx\d-ubyte(?:\.gz)?$/i;
const PARQUET = /\.parquet$/i;
const NPY = /\.npy$/i;
const TABLE = /\.(?:csv|tsv|json|jsonl|ndjson|xlsx|arff|feather|arrow)(?:\.gz)?$/i;

/**
 * Reads a folder of files: IDX, Parquet, NPY or CSV, by how they are called; else of class folders.
 *
 * @throws BitgradError if there is no data set in it, or it is damaged
 */
export async function readFolder(folder: string, options: LoadOptions): Promise<Dataset> {
  const { files, folders } = await listFolder(folder);
  const some = (pattern: RegExp): boolean => files.some((name) => pattern.test(name));
  if (some(IDX)) {
    refuseOptions(options, folder, ['label', ...TABLE_OPTIONS, 'imageSize']);
    const { readIdxDataset } = await import('./idx-dataset.js');
    return readIdxDataset(folder);
  }
  if (some(PARQUET)) {
    refuseOptions(options, folder, ['header']);
    const { readParquet } = await import('./parquet/parquet-dataset.js');
    return readParquet(datasetName(folder), await divide(folder, files, PARQUET), options);
  }
  if (some(NPY)) {
    refuseOptions(options, folder, ['label', ...TABLE_OPTIONS, 'imageSize']);
    const { readNpyFolder } = await import('./arrays/arrays-dataset.js');
    return readNpyFolder(folder, options);
  }
  if (some(TABLE)) {
    refuseOptions(options, folder, ['imageSize']);
    return readTableFolder(folder, files, options);
  }
  if (folders.length > 0) {
    refuseOptions(options, folder, ['label', ...TABLE_OPTIONS]);
    const { readClassFolders } = await import('./images/class-folders.js');
    return readClassFolders(folder, options);
  }
  throw new BitgradError(
    `${folder}: expected a folder of IDX, Parquet, NPY or CSV files, or of class folders of images, received ${describe(files)}`,
    'A folder of images holds one folder a class, as in cat/1.png and dog/2.png.',
  );
}

async function readTableFolder(
  folder: string,
  files: readonly string[],
  options: LoadOptions,
): Promise<Dataset> {
  const { openTable } = await import('./sources/open.js');
  const { readTable } = await import('./table/read-table.js');
  const sourcesOf = (paths: readonly string[]) => Promise.all(paths.map(openTable));
  const { train, validation, test } = await divide(folder, files, TABLE);
  const parts = {
    train: await sourcesOf(train),
    validation: await sourcesOf(validation),
    test: await sourcesOf(test),
  };
  return readTable(datasetName(folder), parts, options);
}

/**
 * Files called `train…`, `val…` (`valid…`, `validation…`) and `test…`, each part in the order of its
 * names; or all, to train.
 *
 * @throws BitgradError if there are no such files, or one is a link that leads out of the folder
 */
async function divide(
  folder: string,
  files: readonly string[],
  pattern: RegExp,
): Promise<{ train: string[]; validation: string[]; test: string[] }> {
  const fitting = files.filter((name) => pattern.test(name));
  const called = (start: RegExp): string[] =>
    fitting.filter((name) => start.test(name)).map((name) => join(folder, name));
  const train = called(/^train/i);
  const validation = called(/^val/i);
  const test = called(/^test/i);
  if (train.length > 0 || fitting.length === 1) {
    const parts =
      train.length > 0
        ? { train, validation, test }
        : { train: called(/^/), validation: [], test: [] };
    await checkInside([...parts.train, ...parts.validation, ...parts.test], folder);
    return parts;
  }
  throw new BitgradError(
    `${folder}: expected files called train…, val… and test…, received ${describe(fitting)}`,
    'Or give the path of one file.',
  );
}

function describe(names: readonly string[]): string {
  if (names.length === 0) return 'an empty folder';
  return `${names.slice(0, 4).join(', ')}${names.length > 4 ? ', …' : ''}`;
}
