import { readFile, stat } from 'node:fs/promises';
import { BitgradError } from '@bitgrad/core';

/**
 * Reads a whole file.
 *
 * @param maximum the most bytes that it may have
 * @throws BitgradError if it is larger or cannot be read, with the system's reason
 */
export async function readBytes(
  path: string,
  maximum: number = Number.POSITIVE_INFINITY,
): Promise<Uint8Array> {
  try {
    const { size } = await stat(path);
    if (size > maximum) {
      throw new BitgradError(`${path}: expected at most ${maximum} bytes, received ${size}`);
    }
    return await readFile(path);
  } catch (error) {
    if (error instanceof BitgradError) throw error;
    throw new BitgradError(`${path}: cannot be read (${systemReason(error)})`);
  }
}

/** The system's own code for an error, as `ENOENT`. */
export function systemReason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? message;
}
