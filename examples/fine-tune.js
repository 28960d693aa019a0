// Begins with the weights of a model that is there, to learn from few samples: digits that lean over,
// of which there are only 300.
//
//   node examples/fine-tune.js

import { evaluate, RECIPES, range, train, verify } from '@bitgrad/core';
import { wasmBackend } from '@bitgrad/core-wasm';
import { loadMnist } from '@bitgrad/formats';

const backend = await wasmBackend();
const digits = await loadMnist();
const own = lean(digits, 300, 2000);
const ownTest = range(own.trainCount, own.testCount);

/**
 * How many of the leaning test digits a model gets right.
 *
 * @param {import('@bitgrad/core').Model} model
 */
async function accuracyOf(model) {
  const { accuracy } = await evaluate(model, own, ownTest, backend);
  return `${(100 * (accuracy ?? 0)).toFixed(1)} %`;
}

const start = await train({ recipe: { ...RECIPES.mnist, epochs: 3 }, dataset: digits, backend });
console.log(`trained on upright digits:  ${await accuracyOf(start)}`);

const recipe = { ...RECIPES.mnist, name: 'leaning', epochs: 30, learningRate: 0.05 };
const alone = await train({ recipe, dataset: own, backend });
console.log(`on 300 leaning ones alone:  ${await accuracyOf(alone)}`);

const tuned = await train({ recipe, dataset: own, backend, start });
console.log(`on both, one after another: ${await accuracyOf(tuned)}`);

// The receipt names the weights that came first, so with that model at hand it can be checked.
console.log(`began with ${tuned.receipt.recipe.initializer.slice(0, 22)}…`);
const { verified } = await verify({ receipt: tuned.receipt, dataset: own, backend, start });
console.log(verified ? 'verified' : 'not verified');

/**
 * The first images of each part of MNIST, with their rows moved sideways, the upper ones to the right.
 *
 * @param {import('@bitgrad/core').Dataset} digits
 * @param {number} train images of the training part
 * @param {number} test images of the test part
 * @returns {import('@bitgrad/core').Dataset}
 */
function lean({ inputs, labels, trainCount, ...rest }, train, test) {
  const size = 28;
  const samples = [...range(0, train), ...range(trainCount, test)];
  const leaning = new Uint8Array(samples.length * size * size);
  for (const [place, sample] of samples.entries()) {
    for (let y = 0; y < size; y += 1) {
      const shift = Math.round((size / 2 - y) * 0.7);
      for (let x = Math.max(0, shift); x < Math.min(size, size + shift); x += 1) {
        leaning[(place * size + y) * size + x] =
          inputs[(sample * size + y) * size + x - shift] ?? 0;
      }
    }
  }
  return {
    ...rest,
    name: 'leaning digits',
    sha256: undefined,
    inputs: leaning,
    labels: Uint32Array.from(samples, (sample) => labels[sample] ?? 0),
    trainCount: train,
    testCount: test,
  };
}
