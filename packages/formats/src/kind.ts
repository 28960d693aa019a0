import { constants, gunzipSync } from 'node:zlib';
import { BitgradError } from '@bitgrad/core';
import { isNpy } from './arrays/npy-header.js';
import { openFile, systemReason } from './files.js';
import { isGzip } from './gunzip.js';
import { imageKind } from './images/decode.js';

/** What a file is by its first bytes; what it is called does not matter. */
export type FileKind = 'npz' | 'npy' | 'parquet' | 'text' | 'gzipped text';

const sniffed = 4096;

/**
 * Finds out what a file is.
 *
 * @throws BitgradError if it is nothing that a data set can be
 */
export async function kindOfFile(path: string): Promise<FileKind> {
  const bytes = await readBeginning(path);
  if (bytes.length === 0) throw new BitgradError(`${path}: expected data, received an empty file`);
  if (startsWith(bytes, 'PK\x03\x04') || startsWith(bytes, 'PK\x05\x06')) return 'npz';
  if (isNpy(bytes)) return 'npy';
  if (startsWith(bytes, 'PAR1')) return 'parquet';
  const image = imageKind(bytes);
  if (image !== undefined) {
    throw new BitgradError(
      `${path}: expected a data set, received a single ${image} image`,
      'Images are read from a folder with one folder of images a class.',
    );
  }
  const text = isGzip(bytes) ? unpack(bytes, path) : bytes;
  if (startsWith(text, '\0\0')) {
    throw new BitgradError(
      `${path}: expected a data set, received a single IDX file`,
      'Give the folder that holds the images and the labels.',
    );
  }
  return isGzip(bytes) ? 'gzipped text' : 'text';
}

async function readBeginning(path: string): Promise<Uint8Array> {
  const file = await openFile(path);
  try {
    const { bytesRead, buffer } = await file.read(new Uint8Array(sniffed), 0, sniffed, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

function unpack(bytes: Uint8Array, path: string): Uint8Array {
  try {
    return gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH });
  } catch (error) {
    throw new BitgradError(
      `${path}: expected gzip data, received bytes that do not unpack (${systemReason(error)})`,
      'The file is damaged; download it again.',
    );
  }
}

function startsWith(bytes: Uint8Array, text: string): boolean {
  return Buffer.from(bytes.subarray(0, text.length)).toString('latin1') === text;
}
