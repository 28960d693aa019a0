import { basename, resolve } from 'node:path';

const EXTENSION =
  /\.(?:csv|tsv|txt|data|dat|json|jsonl|ndjson|xlsx|arff|feather|arrow|parquet|npz|npy)$/i;

/** The name of a data set: the file's, without its extensions. */
export function datasetName(path: string): string {
  const file = basename(resolve(path)).replace(/\.gz$/i, '');
  return file.replace(EXTENSION, '') || file || 'data';
}
