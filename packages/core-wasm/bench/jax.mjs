// Bitgrad's WebAssembly backend beside jax-js's, in one process and in turns, so that what else the
// machine does weighs on both alike:
//
//   node packages/core-wasm/bench/jax.mjs --install   brings jax-js from npm into build/ (git-ignored)
//   node packages/core-wasm/bench/jax.mjs             measures both; Bitgrad alone where jax-js is not

import { existsSync, mkdirSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { initialParameters } from '@bitgrad/core';
import { wasmBackend } from '@bitgrad/core-wasm';
import { loadMnist } from '@bitgrad/formats';
import { run } from '../../../scripts/run.mjs';
import { median, networkOf, openBitgrad, SAMPLES, timed, WORKLOADS } from './workloads.mjs';

const PACKAGE = '@jax-js/jax';
const VERSION = '0.1.25';
const ROUNDS = 9;
/** Ours takes so many times the steps of theirs in a turn: it would be over too soon to be timed. */
const OUR_REPEATS = 10;
const folder = fileURLToPath(new URL('../build/peers/', import.meta.url));
const entry = new URL(`../build/peers/node_modules/${PACKAGE}/dist/index.js`, import.meta.url);

/** Installs the peer, with no install scripts. */
async function install() {
  mkdirSync(folder, { recursive: true });
  const isWindows = process.platform === 'win32';
  const flags = ['--no-save', '--no-package-lock', '--no-audit', '--no-fund', '--ignore-scripts'];
  await run(
    isWindows ? 'npm.cmd' : 'npm',
    ['install', '--prefix', folder, ...flags, `${PACKAGE}@${VERSION}`],
    { shell: isWindows },
  );
}

/**
 * The peer's side: a jitted step of the same network on the same samples, which already are floats.
 *
 * @param {import('./workloads.mjs').Workload} workload
 * @param {import('@bitgrad/core').Dataset} dataset
 * @returns {Promise<(steps: number) => number>} runs steps; the loss of the last batch
 */
async function openJax(workload, dataset) {
  const { defaultDevice, init, jit, nn, numpy: np, tree, valueAndGrad } = await import(entry.href);
  await init('wasm');
  defaultDevice('wasm');
  const { layers, batchSize, preprocess, rate } = workload;
  const flat = initialParameters(networkOf(workload), 'xavier', 1);
  let at = 0;
  const take = (/** @type {number[]} */ ...shape) => {
    const length = shape.reduce((product, size) => product * size, 1);
    at += length;
    return np.array(flat.slice(at - length, at)).reshape(shape);
  };
  let parameters = layers.slice(1).map((width, layer) => ({
    weight: take(/** @type {number} */ (layers[layer]), width),
    bias: take(width),
  }));
  const lossOf = (/** @type {any[]} */ layersNow, /** @type {any} */ x, /** @type {any} */ y) => {
    let out = x;
    for (const [layer, { weight, bias }] of layersNow.entries()) {
      out = np.dot(out, weight).add(bias);
      if (layer + 1 < layersNow.length) out = nn.relu(out);
    }
    return nn
      .logSoftmax(out, -1)
      .mul(y)
      .sum()
      .mul(-1 / batchSize);
  };
  const gradient = valueAndGrad(lossOf);
  const step = jit((/** @type {any[]} */ now, /** @type {any} */ x, /** @type {any} */ y) => {
    const [loss, slopes] = gradient(tree.ref(now), x, y);
    const next = now.map(({ weight, bias }, layer) => ({
      weight: weight.sub(slopes[layer].weight.mul(rate)),
      bias: bias.sub(slopes[layer].bias.mul(rate)),
    }));
    return [loss, next];
  });
  const batches = Array.from({ length: Math.min(100, SAMPLES / batchSize) }, (_, batch) => {
    const first = batch * batchSize;
    const pixels = dataset.inputs.subarray(
      first * dataset.features,
      (first + batchSize) * dataset.features,
    );
    const x = Float32Array.from(pixels, (byte) =>
      preprocess === 'scale' ? byte / 255 : Number(byte > 0),
    );
    const y = new Float32Array(batchSize * dataset.classes);
    for (let row = 0; row < batchSize; row += 1) {
      y[row * dataset.classes + /** @type {number} */ (dataset.labels[first + row])] = 1;
    }
    return {
      x: np.array(x).reshape([batchSize, dataset.features]),
      y: np.array(y).reshape([batchSize, dataset.classes]),
    };
  });
  let next = 0;
  return (steps) => {
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
}

/**
 * Measures both sides in turns and prints the medians, or ours alone where there is no other.
 *
 * @param {import('./workloads.mjs').Workload} workload
 * @param {(steps: number) => unknown} ours
 * @param {((steps: number) => unknown) | null} theirs
 */
async function compare(workload, ours, theirs) {
  /** @type {number[]} */
  const ourTimes = [];
  /** @type {number[]} */
  const theirTimes = [];
  // Compilers are still at work in the first rounds.
  for (let round = -2; round < ROUNDS; round += 1) {
    const our = await timed(workload, () => ours(workload.steps * OUR_REPEATS));
    const their = theirs && (await timed(workload, () => theirs(workload.steps)));
    if (round < 0) continue;
    ourTimes.push(our / OUR_REPEATS);
    if (their !== null) theirTimes.push(their);
  }
  const our = median(ourTimes);
  const best = Math.min(...ourTimes);
  let line = `${workload.name}: ${our.toFixed(2)} µs a sample (best ${best.toFixed(2)})`;
  if (theirs) {
    const their = median(theirTimes);
    line += `; jax-js ${their.toFixed(2)}: ${(their / our).toFixed(1)} times as long`;
  }
  console.log(line);
}

async function measure() {
  const dataset = await loadMnist();
  const backend = await wasmBackend();
  const hasPeer = existsSync(entry);
  const [processor] = cpus();
  console.log(
    `${processor?.model.trim()}, ${cpus().length} logical cores, Node ${process.version}`,
  );
  console.log(`load average ${loadavg()[0]?.toFixed(2)}: a busy machine measures itself`);
  if (!hasPeer) console.log(`${PACKAGE} ${VERSION} is not there: --install brings it`);
  for (const workload of WORKLOADS) {
    const ours = openBitgrad(backend, workload, dataset);
    await compare(workload, ours, hasPeer ? await openJax(workload, dataset) : null);
  }
  // The peer's workers would keep the process alive.
  process.exit();
}

if (process.argv.includes('--install')) await install();
else await measure();
