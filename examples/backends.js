// Chooses a backend, and shows that the choice is about speed alone: all give the same bits.
//
//   node examples/backends.js

import { BitgradError, RECIPES, train, typescriptBackend } from '@bitgrad/core';
import { wasmBackend } from '@bitgrad/core-wasm';
import { loadMnist } from '@bitgrad/formats';

/** The fastest first. The native one is an optional dependency, and need not fit this machine. */
const loaders = [
  async () => (await import('@bitgrad/core-native')).nativeBackend(),
  async () => wasmBackend(),
  async () => typescriptBackend(),
];

const dataset = await loadMnist();
const digests = new Set();
for (const load of loaders) {
  try {
    const backend = await load();
    const { receipt, samplesPerSecond } = await train({ recipe: RECIPES.seed, dataset, backend });
    digests.add(receipt.weightsSha256);
    const speed = `${Math.round(samplesPerSecond / 1000)}k samples/s`;
    console.log(
      `${backend.name} (${backend.isa}): ${receipt.weightsSha256.slice(0, 16)}… ${speed}`,
    );
  } catch (error) {
    // A program that wants just one takes the first that loads.
    const { code, message } = /** @type {NodeJS.ErrnoException} */ (error);
    const isMissing = code === 'ERR_MODULE_NOT_FOUND' || error instanceof BitgradError;
    if (!isMissing) throw error;
    console.log(`not here: ${message}`);
  }
}
console.log(digests.size === 1 ? 'the same bits on all' : 'the bits differ: please report that');
