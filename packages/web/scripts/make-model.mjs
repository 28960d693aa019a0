// Trains the model that the page ships for reading drawings, and writes it with its receipt to
// `public/model.safetensors`, which is committed. The native backend trains it where it loads, else
// TypeScript, to the same bits; `bitgrad verify packages/web/public/model.safetensors` trains it again.
//
// `node scripts/make-model.mjs`

import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { encodeModel, RECIPES, train, typescriptBackend } from '@bitgrad/core';
import { nativeAvailability, nativeBackend } from '@bitgrad/core-native';
import { loadMnist } from '@bitgrad/formats';

/**
 * Small enough to be fetched by who only came to draw. The augmentation turns, stretches and moves
 * MNIST's digits: people draw on a screen less evenly than MNIST's writers wrote on paper.
 */
const recipe = {
  .../** @type {import('@bitgrad/core').Recipe} */ (RECIPES['mnist-best']),
  layers: [784, 256, 64, 10],
};

const file = fileURLToPath(new URL('../public/model.safetensors', import.meta.url));

/** @param {string} path from this script to a package.json */
function versionIn(path) {
  const { name, version } = JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));
  return [name, version];
}

const backend = nativeAvailability().available ? nativeBackend() : typescriptBackend();
const model = await train({
  recipe,
  dataset: await loadMnist(),
  backend,
  onEpoch: ({ epoch, trainLoss }) =>
    console.log(`epoch ${epoch} of ${recipe.epochs}: loss ${trainLoss.toFixed(4)}`),
});
const { trainSeconds, samplesPerSecond, receipt } = model;
const run = {
  versions: Object.fromEntries(['../../core-ts/package.json', '../package.json'].map(versionIn)),
  backend: backend.name,
  isa: backend.isa,
  threads: backend.threads,
  trainSeconds,
  samplesPerSecond,
  finishedAt: new Date().toISOString(),
};
writeFileSync(file, encodeModel({ ...model, run }));
console.log(`${file}: ${((receipt.testAccuracy ?? 0) * 100).toFixed(2)} % of MNIST's test digits`);
