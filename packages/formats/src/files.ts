import { readFile } from 'node:fs/promises';
import { BitgradError } from '@bitgrad/core';

/**
 * Reads a whole file.
 *
 * @throws BitgradError if it cannot be read, with the system's reason
 */
export async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new BitgradError(`${path}: cannot be read (${systemReason(error)})`);
  }
}

/** The system's own code for an error, as `ENOENT`. */
export function systemReason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? message;
}
