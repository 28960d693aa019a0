import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

/** An empty folder, removed when the test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'bitgrad-cli-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes files into a folder, by their names. */
export function writeFiles(
  folder: string,
  files: Readonly<Record<string, string | Uint8Array>>,
): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
}

/** The names in a folder, hidden ones included: what a run left behind. */
export function namesIn(folder: string): string[] {
  return readdirSync(folder).sort();
}

/**
 * A folder `shapes` of IDX files: 4×4 images of three classes, each a bright row at its own height
 * with some noise; 60 to train and 12 to test.
 */
export function writeShapes(folder: string): void {
  const files: Record<string, Uint8Array> = {};
  for (const [part, count] of [
    ['train', 60],
    ['t10k', 12],
  ] as const) {
    const labels = Uint8Array.from({ length: count }, (_, index) => index % 3);
    const images = Uint8Array.from({ length: 16 * count }, (_, at) => {
      const [sample, row] = [Math.floor(at / 16), Math.floor((at % 16) / 4)];
      return row === labels[sample] || (at * 7919) % 13 === 0 ? 200 : 0;
    });
    files[`shapes/${part}-images-idx3-ubyte`] = idxBytes([count, 4, 4], images);
    files[`shapes/${part}-labels-idx1-ubyte`] = idxBytes([count], labels);
  }
  writeFiles(folder, files);
}

function idxBytes(dimensions: readonly number[], values: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4 + 4 * dimensions.length + values.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x0800 + dimensions.length);
  dimensions.forEach((size, index) => {
    view.setUint32(4 + 4 * index, size);
  });
  bytes.set(values, 4 + 4 * dimensions.length);
  return bytes;
}

/** Options that train on `shapes` in no time. */
export const SHAPES = '--data shapes --layers 16,4,3 --augment none --epochs 3'.split(' ');
