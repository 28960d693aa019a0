import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BitgradError } from '@bitgrad/core';
import { onTestFinished } from 'vitest';

/** A folder with these files in it, removed when the test ends. */
export function temporaryFolder(files: Readonly<Record<string, Uint8Array>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'bitgrad-formats-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
  return folder;
}

/** The bytes of an IDX file: its header, then the values. */
export function idxBytes(dimensions: readonly number[], values: ArrayLike<number>): Uint8Array {
  const bytes = new Uint8Array(4 + 4 * dimensions.length + values.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x0800 + dimensions.length);
  dimensions.forEach((size, index) => {
    view.setUint32(4 + 4 * index, size);
  });
  bytes.set(values, 4 + 4 * dimensions.length);
  return bytes;
}

/** The message and the fix of the error that `work` throws. */
export async function errorOf(work: () => unknown): Promise<BitgradError> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof BitgradError)) throw error;
    return error;
  }
  throw new Error('expected a BitgradError, but nothing was thrown');
}
