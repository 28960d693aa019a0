import { BitgradError, type Dataset, show } from '@bitgrad/core';
import { type LoadOptions, type Row, readTable, rowsSource } from '@bitgrad/formats/table';
import { platform } from '#platform';
import { type ArrayData, datasetOfArrays, isArrayData } from './array-data.js';
import { datasetOfBytes, datasetOfText, decode, isTable } from './text-data.js';
import { itemsUntilAborted, untilAborted } from './until-aborted.js';

/**
 * Data to learn from or to judge by: a path, a URL, or `mnist`; a Blob or bytes of a file; CSV text
 * (a string of several lines) or JSON; rows as objects or arrays, which may come one after another; typed
 * arrays; or a data set of `@bitgrad/core`.
 */
export type Data =
  | string
  | URL
  | Blob
  | ArrayBuffer
  | Uint8Array
  | readonly Row[]
  | Iterable<Row>
  | AsyncIterable<Row | string | Uint8Array>
  | ArrayData
  | Dataset;

/**
 * Makes a data set of what somebody has.
 *
 * @param signal ends the reading, also where the next row never comes
 * @throws BitgradError naming the place of what is wrong; AbortedError
 */
export function datasetOf(
  data: Data,
  options: LoadOptions,
  signal?: AbortSignal,
): Promise<Dataset> {
  return untilAborted(read(data, options, signal), signal);
}

async function read(data: Data, options: LoadOptions, signal?: AbortSignal): Promise<Dataset> {
  if (typeof data === 'string') {
    if (isTable(data)) return datasetOfText(data, 'text', options);
    return platform.loadDataset(data, options);
  }
  if (data instanceof URL) return platform.loadDataset(platform.placeOf(data), options);
  if (data instanceof Blob) {
    const bytes = new Uint8Array(await data.arrayBuffer());
    const name = 'name' in data ? String(data.name) : 'data';
    return datasetOfBytes(bytes, name, options, platform);
  }
  if (data instanceof ArrayBuffer) {
    return datasetOfBytes(new Uint8Array(data), 'data', options, platform);
  }
  if (data instanceof Uint8Array) return datasetOfBytes(data, 'data', options, platform);
  if (Array.isArray(data)) return datasetOfRows(data, options);
  if (typeof data === 'object' && data !== null) {
    if (Symbol.asyncIterator in data) return collect(data, options, signal);
    if ('trainCount' in data) return data;
    if (isArrayData(data)) return datasetOfArrays(data);
    if (Symbol.iterator in data && !ArrayBuffer.isView(data)) {
      return datasetOfRows([...data], options);
    }
  }
  throw new BitgradError(
    `data: expected a path, a URL, a Blob, CSV text, rows, or { inputs, labels }, received ${show(data)}`,
  );
}

function datasetOfRows(rows: readonly Row[], options: LoadOptions): Promise<Dataset> {
  if (rows.length === 0) throw new BitgradError('data: expected rows, received none');
  return readTable('rows', { train: [rowsSource(rows, 'rows')], test: [] }, options);
}

/** Rows, or pieces of a CSV text. */
async function collect(
  data: AsyncIterable<Row | string | Uint8Array>,
  options: LoadOptions,
  signal?: AbortSignal,
): Promise<Dataset> {
  const rows: Row[] = [];
  const pieces: Uint8Array[] = [];
  const encoder = new TextEncoder();
  for await (const item of itemsUntilAborted(data, signal)) {
    if (typeof item === 'string') pieces.push(encoder.encode(item));
    else if (item instanceof Uint8Array) pieces.push(item);
    else rows.push(item);
  }
  if (pieces.length === 0) return datasetOfRows(rows, options);
  if (rows.length > 0) {
    throw new BitgradError('data: expected rows or pieces of a text, received both');
  }
  const text = decode(
    new Uint8Array(await new Blob(pieces as Uint8Array<ArrayBuffer>[]).arrayBuffer()),
    'text',
  );
  return datasetOfText(text, 'text', options);
}
