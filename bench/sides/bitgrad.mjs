// Bitgrad: `node bitgrad.mjs BACKEND ISA THREADS`.

import { compileTraining, Predictor, typescriptBackend, writeParameters } from '@bitgrad/core';
import { nativeBackend } from '@bitgrad/core-native';
import { wasmBackend } from '@bitgrad/core-wasm';
import { initialModel } from '../material.mjs';
import { CLASSES, SAMPLES } from '../workloads.mjs';
import { checkProduct, checkTraining, serve } from './protocol.mjs';

const [name = '', isa = '', threads = ''] = process.argv.slice(2);
const backend = await open();

async function open() {
  if (name === 'native') return nativeBackend({ isa, threads: Number(threads) });
  if (name === 'ts') return typescriptBackend();
  // At most so many, as the command has it: its workers are slow to wake.
  return wasmBackend({ threads: Number(threads), isMost: true });
}

/**
 * @param {import('../workloads.mjs').Training} task
 * @param {import('./protocol.mjs').Material} material
 */
function startTraining(task, material) {
  const { layers, batchSize, preprocess, rate } = task;
  const network = /** @type {const} */ ({ layers, activation: 'relu', outputActivation: 'none' });
  const program = compileTraining(
    network,
    { sampleCount: SAMPLES, capacity: SAMPLES, preprocess, shift: null },
    { batchSize, optimizer: 'sgd', l2: 0 },
  );
  const session = backend.open(program);
  const { memory } = session;
  memory.u8('samples').set(material.samples);
  memory.u32('labels').set(material.labels);
  // As the library's own training does: the samples are loaded, and stay.
  session.freezeSamples?.();
  memory.u32('order').forEach((_, at, order) => {
    order[at] = at;
  });
  memory.f32('rates').fill(rate);
  writeParameters(memory, network, initialModel(layers).parameters);
  const control = memory.u32('control');
  const losses = memory.f32('losses');
  const most = SAMPLES / batchSize;
  let done = most;
  const run = (/** @type {number} */ steps) => {
    for (let left = steps; left > 0; ) {
      if (done === most) {
        control.set([0, SAMPLES, 0]);
        done = 0;
      }
      const now = Math.min(left, most - done);
      session.run('train', now);
      done += now;
      left -= now;
    }
    const last = losses.subarray((done - 1) * batchSize, done * batchSize);
    return last.reduce((sum, loss) => sum + loss, 0) / batchSize;
  };
  return run;
}

/**
 * @param {import('../workloads.mjs').Training} task
 * @param {import('./protocol.mjs').Material} material
 */
function openTraining(task, material) {
  // Losses are compared without dropout: no two libraries draw the same numbers.
  const layers = task.layers.filter((layer) => !isDropout(layer));
  const run = startTraining({ ...task, layers }, material);
  const check = checkTraining(task, run);
  return { check, run: task.layers.some(isDropout) ? startTraining(task, material) : run };
}

/** @param {import('@bitgrad/core').LayerItem} layer */
const isDropout = (layer) =>
  typeof layer === 'object' && 'type' in layer && layer.type === 'dropout';

/**
 * @param {import('../workloads.mjs').Inference} task
 * @param {import('./protocol.mjs').Material} material
 */
function openInference(task, material) {
  const predictor = new Predictor(initialModel(task.layers), backend, task.batchSize);
  const calls = material.images(task);
  const result = new Float32Array(task.batchSize * CLASSES);
  let next = 0;
  const run = (/** @type {number} */ steps) => {
    for (let step = 0; step < steps; step += 1) {
      predictor.predict(/** @type {Uint8Array} */ (calls[next]), result);
      next = (next + 1) % calls.length;
    }
  };
  const check = predictor.predict(/** @type {Uint8Array} */ (calls[0])).slice(0, CLASSES);
  return { check: [...check], run };
}

/**
 * @param {import('../workloads.mjs').Gemm} task
 * @param {import('./protocol.mjs').Material} material
 */
function openGemm({ m, n, k, transposeA }, material) {
  const a = material.floats('a.f32').slice(0, m * k);
  const b = material.floats('b.f32').slice(0, k * n);
  const c = new Float32Array(m * n);
  const { kernels } = backend;
  const run = (/** @type {number} */ steps) => {
    for (let step = 0; step < steps; step += 1) {
      kernels.sgemm(transposeA, false, m, n, k, 1, a, transposeA ? m : k, b, n, 0, c, n);
    }
  };
  run(1);
  return { check: checkProduct(c), run };
}

await serve('Bitgrad', (task, material) => {
  if (task.kind === 'train') return openTraining(task, material);
  return task.kind === 'predict' ? openInference(task, material) : openGemm(task, material);
});
