// Trains on MNIST, telling how it goes, then saves the model, loads it and asks it.
//
//   node examples/mnist.js

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AbortedError, decodeModel, encodeModel, Predictor, RECIPES, train } from '@bitgrad/core';
import { wasmBackend } from '@bitgrad/core-wasm';
import { loadMnist } from '@bitgrad/formats';

const dataset = await loadMnist();
const backend = await wasmBackend();

// A recipe is a plain object, and decides every bit of the result together with the data.
const recipe = { ...RECIPES.mnist, epochs: 3 };

// Ctrl-C ends the training between two steps.
const interruption = new AbortController();
process.once('SIGINT', () => interruption.abort());

const model = await train({
  recipe,
  dataset,
  backend,
  signal: interruption.signal,
  onEpoch: ({ epoch, loss, samplesPerSecond }) =>
    console.log(`epoch ${epoch}: loss ${loss.toFixed(4)}, ${samplesPerSecond.toFixed()} images/s`),
}).catch((error) => {
  if (!(error instanceof AbortedError)) throw error;
  console.log('interrupted');
  process.exit(130);
});

// A model file is safetensors. Reading it checks everything in it, and runs nothing.
const folder = mkdtempSync(join(tmpdir(), 'bitgrad-example-'));
const file = join(folder, 'digits.safetensors');
writeFileSync(file, encodeModel(model));
const loaded = await decodeModel(readFileSync(file), file);
rmSync(folder, { recursive: true });

const { testAccuracy, weightsSha256 } = loaded.receipt;
console.log(`test accuracy ${testAccuracy}`);
console.log(`weightsSha256 ${weightsSha256}`);

// The first ten test images. `predict` takes rows of pixels as they are in the data.
const predictor = new Predictor(loaded, backend, 10);
const first = dataset.trainCount * dataset.features;
const probabilities = predictor.predict(dataset.inputs.slice(first, first + 10 * 784));
const digits = Array.from({ length: 10 }, (_, row) => {
  const own = probabilities.subarray(10 * row, 10 * row + 10);
  return own.indexOf(Math.max(...own));
});
console.log(`predicted ${digits.join(' ')}`);
console.log(
  `labels    ${dataset.labels.slice(dataset.trainCount, dataset.trainCount + 10).join(' ')}`,
);
predictor.close();
