import { constants, gunzipSync } from 'node:zlib';
import { BitgradError } from '@bitgrad/core';

/** Whether the bytes start as gzip does (RFC 1952). What a file is called does not matter. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * Unpacks only the beginning of gzipped bytes, so that a header can be read before anything of the
 * size that it claims is allocated.
 *
 * @param fileName named in errors
 * @returns up to a few megabytes from the beginning
 * @throws BitgradError if this is not gzip data
 */
export function gunzipBeginning(bytes: Uint8Array, fileName: string): Uint8Array {
  // A gzip header may carry a long name, hence not just a few bytes. DEFLATE packs at most 1032
  // bytes into one, so what comes out stays below 17 MB.
  const beginning = bytes.subarray(0, 16 * 1024);
  return unpack(fileName, () => gunzipSync(beginning, { finishFlush: constants.Z_SYNC_FLUSH }));
}

/**
 * Unpacks gzipped bytes that should come to a known size, and stops soon after it: a small file
 * that unpacks to gigabytes cannot exhaust the memory.
 *
 * @param expectedBytes what should come out
 * @param fileName named in errors
 * @returns what came out, which may be less than was expected
 * @throws BitgradError if the data are damaged or more comes out than expected
 */
export function gunzip(bytes: Uint8Array, expectedBytes: number, fileName: string): Uint8Array {
  return unpack(
    fileName,
    () => gunzipSync(bytes, { maxOutputLength: expectedBytes }),
    expectedBytes,
  );
}

function unpack(fileName: string, work: () => Uint8Array, expectedBytes?: number): Uint8Array {
  try {
    return work();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ERR_BUFFER_TOO_LARGE') {
      throw new BitgradError(
        `${fileName}: expected ${expectedBytes} bytes unpacked, as its header says, received more`,
      );
    }
    throw new BitgradError(
      `${fileName}: expected gzip data, received bytes that do not unpack (${message})`,
      'The file is damaged or truncated; download it again.',
    );
  }
}
