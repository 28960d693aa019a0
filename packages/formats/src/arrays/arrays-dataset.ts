import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { BitgradError, type Dataset } from '@bitgrad/core';
import { OptionError } from '../check-options.js';
import { datasetName } from '../dataset-name.js';
import { checkInside, listFolder, readPieces, systemReason } from '../files.js';
import { channelsOf } from '../images/channels.js';
import type { LoadOptions } from '../options.js';
import { readTable } from '../table/read-table.js';
import type { TableSource, VisitRow } from '../table/source.js';
import { encodeArray } from './encode-array.js';
import { findPairs } from './find-pairs.js';
import { readInputs } from './inputs.js';
import { withNpz } from './npz.js';
import { type ArraySource, readArray } from './read-array.js';
import { readTargets } from './targets.js';

/** Reads an NPZ file: arrays `x_train`, `y_train` and so on (see `findPairs`). */
export function readNpz(path: string, options: LoadOptions): Promise<Dataset> {
  return withNpz(path, (arrays) => readArrays(path, arrays, options));
}

/** Reads a folder of NPY files that are called as the arrays of an NPZ file would be. */
export async function readNpyFolder(folder: string, options: LoadOptions): Promise<Dataset> {
  const { files } = await listFolder(folder);
  const paths = files.filter((name) => /\.npy$/i.test(name)).map((name) => join(folder, name));
  await checkInside(paths, folder);
  const arrays = await Promise.all(paths.map(npyFile));
  return readArrays(folder, arrays, options);
}

/** Reads one NPY file, `[rows, columns]` of numbers, as a table. */
export async function readNpyTable(path: string, options: LoadOptions): Promise<Dataset> {
  const source = await npyFile(path);
  const { shape, values } = await readArray(source, (_, length) => new Float64Array(length));
  const [, width] = shape;
  if (width === undefined || shape.length !== 2) {
    throw new BitgradError(
      `${path}: expected a table [rows, columns], received the shape (${shape.join(', ')})`,
      'Images and labels belong in one NPZ file, or in a folder of x_train.npy and y_train.npy.',
    );
  }
  const table: TableSource = {
    fileName: path,
    names: Array.from({ length: width }, (_, index) => `column ${index + 1}`),
    unit: 'row',
    scan: async (visit: VisitRow) => {
      for (let start = 0; start < values.length; start += width) {
        visit([...values.subarray(start, start + width)], start / width + 1);
      }
    },
  };
  return readTable(datasetName(path), { train: [table], test: [] }, options);
}

async function readArrays(
  path: string,
  arrays: readonly ArraySource[],
  options: LoadOptions,
): Promise<Dataset> {
  if (options.missing === 'drop') {
    throw new OptionError('missing', `expected impute or error, because ${path} is no table`);
  }
  const found = findPairs(arrays, path);
  // Version 0.1.0 left validation parts aside.
  const validation = options.rules === 1 ? undefined : found.validation;
  const pairs = [found.train, validation, found.test].filter((pair) => pair !== undefined);
  const { counts, image, ...read } = await readInputs(
    pairs.map((pair) => pair.inputs),
    channelsOf(options),
    options,
  );
  const sources = pairs.map((pair) => pair.targets);
  const isTable = !(read.inputs instanceof Uint8Array) && image === null && options.rules !== 1;
  const { labels, classes, values, offsets, ...said } = await readTargets(
    sources,
    counts,
    options,
    isTable,
  );
  const known = options.encoding ?? options.like?.encoding ?? undefined;
  const { inputs, features, encoding, ...encoded } = isTable
    ? encodeArray(read.inputs as Float64Array, read.features, offsets, known)
    : { ...read, encoding: undefined, notes: [] };
  const notes = [...encoded.notes, ...said.notes];
  return {
    name: datasetName(path),
    inputs: inputs as Uint8Array | Float32Array,
    features,
    image,
    ...(encoding ? { encoding } : {}),
    ...(notes.length > 0 ? { notes } : {}),
    labels,
    classes: classes?.count ?? 0,
    classNames: classes?.names,
    values,
    trainCount: counts[0]! + (validation ? counts[1]! : 0),
    testCount: found.test ? counts.at(-1)! : 0,
    ...(validation ? { validationCount: counts[1]! } : {}),
  };
}

async function npyFile(path: string): Promise<ArraySource> {
  const { size } = await stat(path).catch((error: unknown) => {
    throw new BitgradError(`${path}: cannot be read (${systemReason(error)})`);
  });
  return {
    name: basename(path).replace(/\.npy$/i, ''),
    place: path,
    bytes: size,
    open: async () => readPieces(path),
  };
}
