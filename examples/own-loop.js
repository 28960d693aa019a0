// A training loop of one's own: it stops when the loss hardly falls any more, and goes on later from
// a checkpoint, as if nothing had happened.
//
//   node examples/own-loop.js

import { decodeCheckpoint, encodeCheckpoint, RECIPES, Training } from '@bitgrad/core';
import { wasmBackend } from '@bitgrad/core-wasm';
import { loadMnist } from '@bitgrad/formats';

const dataset = await loadMnist();
const backend = await wasmBackend();
const recipe = { ...RECIPES.seed, epochs: 20, schedule: 'cosine' };

let training = await Training.open(backend, recipe, dataset);
let last = Number.POSITIVE_INFINITY;
while (!training.isDone) {
  const { epoch, loss, validationAccuracy } = await training.runEpoch();
  console.log(
    `epoch ${epoch}: loss ${loss.toFixed(4)}, validation ${validationAccuracy?.toFixed(4)}`,
  );

  // After any epoch, all that is needed to go on fits into a file, here into bytes.
  if (epoch === 2) {
    const bytes = await encodeCheckpoint(training.checkpoint());
    training.close();
    training = await Training.open(
      backend,
      recipe,
      dataset,
      await decodeCheckpoint(bytes, 'bytes'),
    );
    console.log(`went on from ${bytes.length} bytes`);
  }
  if (loss > 0.97 * last) break;
  last = loss;
}

// The model as it is now; its receipt says how many epochs there were.
const { receipt } = await training.finish();
training.close();
console.log(
  `stopped after epoch ${receipt.epochs.length}: test accuracy ${receipt.testAccuracy?.toFixed(4)}`,
);
