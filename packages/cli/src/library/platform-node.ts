import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readFileBytes, replaceFile } from '../files.js';
import { fetchBytes } from './fetch-bytes.js';
import { typescriptLoader, wasmLoader } from './loaders.js';
import { nativeLoader } from './native-loader.js';
import type { Platform } from './platform.js';
import { datasetOfBytes } from './text-data.js';

/** Node, Bun and Deno: the native backend and files. */
export const platform: Platform = {
  loaders: [nativeLoader, wasmLoader, typescriptLoader],
  async versions() {
    // A bundled program has no packages to ask, and perhaps no place where it stands.
    const found = await import('../versions.js').catch(() => null);
    return found?.installedVersions() ?? {};
  },
  placeOf: ({ protocol, href }) => (protocol === 'file:' ? fileURLToPath(href) : href),
  async loadDataset(source, options) {
    if (/^https?:/.test(source)) {
      return datasetOfBytes(await fetchBytes(source), source, options, platform);
    }
    const { loadDataset } = await import('@bitgrad/formats/dataset');
    return loadDataset(source, options);
  },
  readBytes: (source) => (/^https?:/.test(source) ? fetchBytes(source) : readFileBytes(source)),
  writeBytes: (path, bytes) => replaceFile(resolve(path), bytes),
  async loadBinary(bytes, options) {
    const { loadDataset } = await import('@bitgrad/formats/dataset');
    const file = join(tmpdir(), `data-${randomUUID()}`);
    try {
      await writeFile(file, bytes, { flag: 'wx' });
      const dataset = await loadDataset(file, options);
      return { ...dataset, name: 'data' };
    } finally {
      await rm(file, { force: true });
    }
  },
  async decodeImage(bytes) {
    const { decodeImage } = await import('@bitgrad/formats/decode');
    return decodeImage(bytes, 'image');
  },
};
