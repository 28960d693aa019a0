import { BitgradError, type Dataset } from '@bitgrad/core';
import { refuseOptions, TABLE_OPTIONS } from './check-options.js';
import { datasetName } from './dataset-name.js';
import { listFolder } from './files.js';
import { describeNames, divideFolder, filesInParts } from './folder-parts.js';
import type { LoadOptions } from './options.js';
import { rulesOf } from './table/plan.js';

const IDX = /[-.]idx\d-ubyte(?:\.gz)?$/i;
const PARQUET = /\.parquet$/i;
const NPY = /\.npy$/i;
const NOTHING = /$^/;
const TABLE = /\.(?:csv|tsv|json|jsonl|ndjson|xlsx|arff|feather|arrow)(?:\.gz)?$/i;

/**
 * Reads a folder of files: IDX, Parquet, NPY or CSV, by how they are called; else of class folders.
 *
 * @throws BitgradError if there is no data set in it, or it is damaged
 */
export async function readFolder(folder: string, options: LoadOptions): Promise<Dataset> {
  const { files: own, folders } = await listFolder(folder);
  const isData = (name: string): boolean =>
    [IDX, PARQUET, NPY, TABLE].some((one) => one.test(name));
  const files = own.some(isData) ? own : [...own, ...(await filesInParts(folder, folders))];
  const some = (pattern: RegExp): boolean => files.some((name) => pattern.test(name));
  // Version 0.1.0 read Parquet files alone, whatever else there was.
  const others = rulesOf(options) === 1 ? NOTHING : TABLE;
  if (some(IDX)) {
    refuseOptions(options, folder, ['label', ...TABLE_OPTIONS, 'imageSize']);
    const { readIdxDataset } = await import('./idx-dataset.js');
    return readIdxDataset(folder);
  }
  if (some(PARQUET)) {
    refuseOptions(options, folder, ['header']);
    const { readParquet } = await import('./parquet/parquet-dataset.js');
    const parts = await divideFolder(folder, files, PARQUET, others);
    return withNotes(await readParquet(datasetName(folder), parts, options), parts.notes);
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
    `${folder}: expected a folder of IDX, Parquet, NPY or CSV files, or of class folders of images, received ${describeNames(files)}`,
    'A folder of images holds one folder a class, as in cat/1.png and dog/2.png.',
  );
}

async function readTableFolder(
  folder: string,
  files: readonly string[],
  options: LoadOptions,
): Promise<Dataset> {
  const { openTable, readTable } = await import('./table-files.js');
  const sourcesOf = (paths: readonly string[]) => Promise.all(paths.map(openTable));
  const { train, validation, test, notes } = await divideFolder(folder, files, TABLE, TABLE);
  const parts = {
    train: await sourcesOf(train),
    validation: await sourcesOf(validation),
    test: await sourcesOf(test),
  };
  return withNotes(await readTable(datasetName(folder), parts, options), notes);
}

function withNotes(dataset: Dataset, notes: readonly string[]): Dataset {
  return notes.length === 0 ? dataset : { ...dataset, notes: [...notes, ...(dataset.notes ?? [])] };
}
