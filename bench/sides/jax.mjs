// jax-js on WebAssembly: a jitted step.

import { importPeer, versionOf } from './peers.mjs';
import { checkTraining, serve } from './protocol.mjs';

const PACKAGE = '@jax-js/jax';
const {
  defaultDevice,
  init,
  jit,
  nn,
  numpy: np,
  tree,
  valueAndGrad,
} = await importPeer(PACKAGE, 'dist/index.js');
await init('wasm');
defaultDevice('wasm');

/**
 * @param {import('./protocol.mjs').Material} material
 * @param {readonly number[]} widths
 */
function parametersOf(material, widths) {
  return material.layers(widths).map(({ inWidth, outWidth, weight, bias }) => ({
    weight: np.array(weight).reshape([inWidth, outWidth]),
    bias: np.array(bias),
  }));
}

/**
 * @param {any[]} layers
 * @param {any} x
 */
function logitsOf(layers, x) {
  let out = x;
  for (const [layer, { weight, bias }] of layers.entries()) {
    out = np.dot(out, weight).add(bias);
    if (layer + 1 < layers.length) out = nn.relu(out);
  }
  return out;
}

/**
 * @param {import('../workloads.mjs').Training} task
 * @param {import('./protocol.mjs').Material} material
 */
function openTraining(task, material) {
  const { layers, batchSize, rate } = task;
  let parameters = parametersOf(material, layers);
  const gradient = valueAndGrad(
    (/** @type {any[]} */ now, /** @type {any} */ x, /** @type {any} */ y) =>
      nn
        .logSoftmax(logitsOf(now, x), -1)
        .mul(y)
        .sum()
        .mul(-1 / batchSize),
  );
  const step = jit((/** @type {any[]} */ now, /** @type {any} */ x, /** @type {any} */ y) => {
    const [loss, slopes] = gradient(tree.ref(now), x, y);
    const next = now.map(({ weight, bias }, layer) => ({
      weight: weight.sub(slopes[layer].weight.mul(rate)),
      bias: bias.sub(slopes[layer].bias.mul(rate)),
    }));
    return [loss, next];
  });
  const batches = material.batches(task).map(({ x, y }) => ({
    x: np.array(x).reshape([batchSize, -1]),
    y: np.array(y).reshape([batchSize, -1]),
  }));
  let next = 0;
  const run = (/** @type {number} */ steps) => {
    let loss = Number.NaN;
    for (let i = 0; i < steps; i += 1) {
      const { x, y } = /** @type {any} */ (batches[next]);
      next = (next + 1) % batches.length;
      const [lossNow, updated] = step(parameters, x.ref, y.ref);
      parameters = updated;
      // Reading makes it work at once; what it puts off costs more the more there is of it.
      [loss] = lossNow.dataSync();
    }
    return loss;
  };
  return { check: checkTraining(task, run), run };
}

/**
 * @param {import('../workloads.mjs').Inference} task
 * @param {import('./protocol.mjs').Material} material
 */
function openInference(task, material) {
  const parameters = parametersOf(material, task.layers);
  const predict = jit((/** @type {any[]} */ now, /** @type {any} */ x) =>
    nn.softmax(logitsOf(now, x), -1),
  );
  const calls = material.calls(task).map((x) => np.array(x).reshape([task.batchSize, -1]));
  const call = (/** @type {number} */ at) =>
    predict(tree.ref(parameters), calls[at % calls.length].ref).dataSync();
  const run = (/** @type {number} */ steps) => {
    for (let step = 0; step < steps; step += 1) call(step);
  };
  return { check: [...call(0).slice(0, 10)], run };
}

await serve(versionOf('jax-js', PACKAGE), (task, material) =>
  task.kind === 'train' ? openTraining(task, material) : openInference(task, material),
);
