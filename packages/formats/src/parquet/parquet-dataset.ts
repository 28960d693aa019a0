import type { Dataset } from '@bitgrad/core';
import type { LoadOptions } from '../options.js';
import { readTable } from '../table/read-table.js';
import { withParquet } from './file.js';
import { type ImageFiles, readParquetImages } from './images.js';
import { parquetSource } from './table.js';

/**
 * Reads Parquet files: images with labels where the first file has a column of images, else a table
 * of numbers and texts.
 *
 * @param name of the data set
 * @throws BitgradError naming file and place of what is wrong
 */
export async function readParquet(
  name: string,
  files: ImageFiles,
  options: LoadOptions,
): Promise<Dataset> {
  const columns = await withParquet(files.train[0]!, async (file) => file.columns);
  if (columns.some(({ kind }) => kind === 'image')) {
    return readParquetImages(name, files, columns, options);
  }
  const sourcesOf = (paths: readonly string[]) =>
    Promise.all(
      paths.map((path) =>
        withParquet(path, async (file) => parquetSource(path, file.columns, file.indexColumns)),
      ),
    );
  const parts = {
    train: await sourcesOf(files.train),
    validation: await sourcesOf(files.validation ?? []),
    test: await sourcesOf(files.test),
  };
  return readTable(name, parts, options);
}
