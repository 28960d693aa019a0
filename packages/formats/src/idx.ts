import { BitgradError } from '@bitgrad/core';
import { gunzip, gunzipBeginning, isGzip } from './gunzip.js';

/** An IDX file's contents: unsigned bytes, the last dimension running fastest. */
export interface IdxArray {
  /** 1 to 4 sizes, each at least 1; the first counts the samples. */
  readonly dimensions: readonly number[];
  /** As many bytes as the product of the dimensions. May be a view of the bytes that were read. */
  readonly values: Uint8Array;
}

/** The largest file that is read, in bytes unpacked: 1 GiB, twice the largest EMNIST. */
export const maximumBytes = 2 ** 30;

const typeNames: Readonly<Record<number, string>> = {
  8: 'unsigned bytes',
  9: 'signed bytes',
  11: '16-bit integers',
  12: '32-bit integers',
  13: 'binary32',
  14: 'binary64',
};

/**
 * Reads an IDX file of unsigned bytes, plain or gzipped. Its header (big-endian): two zero bytes,
 * the type, the number of dimensions, then each dimension in 4 bytes.
 *
 * @param bytes the whole file
 * @param fileName named in errors
 * @throws BitgradError if the bytes are anything but exactly such a file
 */
export function readIdx(bytes: Uint8Array, fileName: string): IdxArray {
  if (!isGzip(bytes)) {
    const header = readHeader(bytes, fileName);
    return checkedArray(bytes, header, fileName);
  }
  const header = readHeader(gunzipBeginning(bytes, fileName), fileName);
  return checkedArray(gunzip(bytes, header.fileBytes, fileName), header, fileName);
}

interface Header {
  readonly dimensions: readonly number[];
  /** Where the values begin. */
  readonly offset: number;
  /** The size of the whole file, header included, in bytes. */
  readonly fileBytes: number;
}

function readHeader(bytes: Uint8Array, fileName: string): Header {
  const [first, second, type, rank] = bytes;
  if (first === undefined || second === undefined || type === undefined || rank === undefined) {
    throw truncated(`${fileName}: expected an IDX file, received ${bytes.length} bytes`);
  }
  if (first !== 0 || second !== 0) {
    throw new BitgradError(
      `${fileName}: expected an IDX file (first bytes 00 00 08), received ${hex(bytes, 3)}`,
    );
  }
  if (type !== 8) {
    const name = typeNames[type] ?? 'unknown';
    throw new BitgradError(
      `${fileName}: expected unsigned bytes (IDX type 0x08), received type 0x${hexByte(type)} (${name})`,
    );
  }
  if (rank < 1 || rank > 4) {
    throw new BitgradError(`${fileName}: expected 1 to 4 dimensions, received ${rank}`);
  }
  const offset = 4 + 4 * rank;
  if (bytes.length < offset) {
    throw truncated(
      `${fileName}: expected a header of ${offset} bytes (${rank} dimensions), received ${bytes.length}`,
    );
  }
  const dimensions = readDimensions(bytes, rank);
  if (dimensions.includes(0)) {
    throw new BitgradError(
      `${fileName}: expected dimensions of at least 1, received [${dimensions.join(', ')}]`,
    );
  }
  const fileBytes = offset + dimensions.reduce((product, size) => product * size, 1);
  if (fileBytes > maximumBytes) {
    throw new BitgradError(
      `${fileName}: expected at most ${maximumBytes} bytes, received a header that says ${fileBytes} (${describeIdx(dimensions)})`,
    );
  }
  return { dimensions, offset, fileBytes };
}

function readDimensions(bytes: Uint8Array, rank: number): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: rank }, (_, index) => view.getUint32(4 + 4 * index));
}

/** Compares the size that the header says with the size that is there. */
function checkedArray(bytes: Uint8Array, header: Header, fileName: string): IdxArray {
  const { dimensions, offset, fileBytes } = header;
  if (bytes.length !== fileBytes) {
    const message = `${fileName}: expected ${fileBytes} bytes (${describeIdx(dimensions)}), received ${bytes.length}`;
    if (bytes.length < fileBytes) throw truncated(message);
    throw new BitgradError(
      `${message}; ${bytes.length - fileBytes} bytes follow the end, or the header is wrong`,
    );
  }
  return { dimensions, values: bytes.subarray(offset) };
}

/**
 * What an array of these dimensions holds, in words: `60000 images of 28×28`, `60000 labels`.
 */
export function describeIdx(dimensions: readonly number[]): string {
  const [count, ...sizes] = dimensions;
  if (sizes.length === 0) return `${count} labels`;
  if (sizes.length === 1) return `${count} rows of ${sizes[0]}`;
  return `${count} images of ${sizes.join('×')}`;
}

function truncated(message: string): BitgradError {
  return new BitgradError(`${message}; the file is truncated`, 'Download or copy it again.');
}

function hex(bytes: Uint8Array, count: number): string {
  return Array.from(bytes.subarray(0, count), hexByte).join(' ');
}

function hexByte(value: number): string {
  return value.toString(16).padStart(2, '0');
}
