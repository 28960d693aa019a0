import { BitgradError, type Dataset } from '@bitgrad/core';
import { jsonSource, type LoadOptions, readTable, textSource } from '@bitgrad/formats/table';
import type { Platform } from './platform.js';

/** First bytes of data sets that are no text: NPZ and Excel, Parquet, NumPy arrays, Arrow. */
const BINARY = ['PK\x03\x04', 'PAR1', '\x93NUMPY', 'ARROW1', '\xff\xff\xff\xff'];
/** How a list of rows in JSON begins, a row of JSON Lines, or columns; no path does, and hardly a CSV text. */
const JSON_START = /^\s*(?:\[\s*[[{]|\{\s*")/;
const GZIP = [0x1f, 0x8b];

/** Whether a string is a table's text, not a place where one is. */
export function isTable(text: string): boolean {
  return /[\r\n]/.test(text) || JSON_START.test(text);
}

/** A table in CSV text, in JSON or in lines of it. */
export function datasetOfText(text: string, name: string, options: LoadOptions): Promise<Dataset> {
  const isJson = JSON_START.test(text);
  const source = isJson ? jsonSource(text, name) : textSource(text, name);
  return readTable(name, { train: [source], test: [] }, options);
}

/**
 * A data set from a file's bytes: CSV text or JSON, plain or gzipped, or what else the platform reads.
 *
 * @throws BitgradError if it is none
 */
export async function datasetOfBytes(
  bytes: Uint8Array,
  name: string,
  options: LoadOptions,
  platform: Pick<Platform, 'loadBinary'>,
): Promise<Dataset> {
  const start = String.fromCharCode(...bytes.subarray(0, 6));
  if (BINARY.some((signature) => start.startsWith(signature))) {
    return platform.loadBinary(bytes, options);
  }
  const isPacked = GZIP.every((byte, index) => bytes[index] === byte);
  const text = decode(isPacked ? await unpack(bytes, name) : bytes, name);
  return datasetOfText(text, name, options);
}

/** @throws BitgradError unless the bytes are UTF-8 text */
export function decode(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new BitgradError(
      `${name}: expected UTF-8 text, received bytes that are none`,
      'Save the file as UTF-8.',
    );
  }
}

async function unpack(bytes: Uint8Array, name: string): Promise<Uint8Array> {
  try {
    const packed = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream();
    const unpacked = packed.pipeThrough(new DecompressionStream('gzip'));
    return new Uint8Array(await new Response(unpacked).arrayBuffer());
  } catch {
    throw new BitgradError(`${name}: expected gzip data, received bytes that do not unpack`);
  }
}
