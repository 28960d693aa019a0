import { createHash, randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BitgradError, useHasher } from '@bitgrad/core';
import { readFileBytes, removeLeftovers, replaceFile } from '../files.js';
import { leadsTo } from '../leads-to.js';
import { ownFile } from '../own-file.js';
import { fetchBytes } from './fetch-bytes.js';
import { typescriptLoader, wasmLoader } from './loaders.js';
import { nativeLoader } from './native-loader.js';
import type { Platform } from './platform.js';
import { datasetOfBytes } from './text-data.js';

useHasher(() => createHash('sha256'));

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
  async writeBytes(path, bytes) {
    const target = await leadsTo(path);
    await removeLeftovers(target);
    await replaceFile(target, bytes);
  },
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
  async sweep(plan, options) {
    const { sweepHere } = await importOwn<Sweeping>('sweep/for-library.js', 'sweep');
    return sweepHere(plan, options);
  },
  async verifyInParts(...verification) {
    const { verifyHere } = await importOwn<Verifying>('verify/for-library.js', 'verify');
    return verifyHere(...verification);
  },
};

type Sweeping = typeof import('../sweep/for-library.js');
type Verifying = typeof import('../verify/for-library.js');

/**
 * Imports what begins processes, which needs files that a bundle does not hold.
 *
 * @throws BitgradError in a bundle
 */
async function importOwn<Module>(file: string, what: string): Promise<Module> {
  const { href } = ownFile(file);
  return import(/* webpackIgnore: true */ /* @vite-ignore */ href).catch((error: Error) => {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new BitgradError(
      `${what}: expected Bitgrad's own files beside it, to begin processes with, received a bundle`,
      'leave bitgrad out of the bundle (external), or use the command',
    );
  });
}
