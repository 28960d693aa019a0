import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { BitgradError, type Dataset, show, useHasher } from '@bitgrad/core';
import { checkOptions, refuseOptions, TABLE_OPTIONS } from './check-options.js';
import { datasetName } from './dataset-name.js';
import type { LoadOptions } from './options.js';
import { withSpooled } from './spool.js';

export { OptionError } from './check-options.js';

/**
 * Loads a data set by its name or from the disk. Files without a test part become training samples
 * alone, which a recipe's `split` can cut.
 *
 * @param nameOrPath `mnist` (the embedded one; a folder of that name is `./mnist`), or the path of
 *   a CSV, Parquet, NPZ or NPY file, or of a folder of IDX files, of class folders of images, of
 *   Parquet or CSV files called `train…` and `test…`, or of NPY files; a named pipe, or `-` for stdin
 * @throws BitgradError naming file and place (line, column, array, row) of what is wrong
 */
export async function loadDataset(nameOrPath: string, options: LoadOptions = {}): Promise<Dataset> {
  checkOptions(options);
  // Data from files may be large.
  useHasher(() => createHash('sha256'));
  if (nameOrPath === 'mnist') {
    refuseOptions(options, 'mnist', ['label', ...TABLE_OPTIONS, 'imageSize']);
    const { loadMnist } = await import('./mnist.js');
    return loadMnist();
  }
  if (nameOrPath === '-') {
    return withSpooled('-', (copy) => readPiped(copy, 'stdin', 'stdin', options));
  }
  const found = await stat(nameOrPath).catch(() => null);
  if (found?.isDirectory()) {
    const { readFolder } = await import('./folder.js');
    return readFolder(nameOrPath, options);
  }
  if (found?.isFile()) return readFile(nameOrPath, options);
  if (found?.isFIFO()) {
    const name = datasetName(nameOrPath);
    return withSpooled(nameOrPath, (copy) => readPiped(copy, nameOrPath, name, options));
  }
  const received = found === null ? 'nothing is there' : 'it is neither a file nor a folder';
  throw new BitgradError(
    `data set ${show(nameOrPath)}: expected mnist, a file or a folder; ${received}`,
    /[*?]/.test(nameOrPath)
      ? 'Several files are read as one where they lie in a folder as its parts, as train.csv and test.csv.'
      : undefined,
  );
}

/** @param path what notes speak of: nobody knows the copy */
async function readPiped(
  copy: string,
  path: string,
  name: string,
  options: LoadOptions,
): Promise<Dataset> {
  const { notes, ...dataset } = await readFile(copy, options);
  const own = notes?.map((note) => note.replaceAll(copy, path));
  return { ...dataset, name, ...(own ? { notes: own } : {}) };
}

/** Each kind's reader is imported where it is needed: nobody waits for the others' libraries. */
async function readFile(path: string, options: LoadOptions): Promise<Dataset> {
  const { kindOfFile, openTable, readTable } = await import('./table-files.js');
  const kind = await kindOfFile(path);
  const name = datasetName(path);
  switch (kind) {
    case 'npz': {
      refuseOptions(options, path, ['label', ...TABLE_OPTIONS, 'imageSize']);
      const { readNpz } = await import('./arrays/arrays-dataset.js');
      return readNpz(path, options);
    }
    case 'npy': {
      refuseOptions(options, path, ['header', 'imageSize']);
      const { readNpyTable } = await import('./arrays/arrays-dataset.js');
      return readNpyTable(path, options);
    }
    case 'parquet': {
      refuseOptions(options, path, ['header']);
      const { readParquet } = await import('./parquet/parquet-dataset.js');
      return readParquet(name, { train: [path], test: [] }, options);
    }
    default: {
      refuseOptions(options, path, ['imageSize']);
      const parts = { train: [await openTable(path)], test: [] };
      if (!options.digest) return readTable(name, parts, options);
      const { startDigest } = await import('./table/digest-thread.js');
      return readTable(name, parts, options, startDigest);
    }
  }
}
