// Trains in a worker, so that this thread stays free for whatever else there is to do. In a browser
// it is the same with a Web Worker.
//
//   node examples/worker.js

import { isMainThread, parentPort, Worker } from 'node:worker_threads';

if (isMainThread) await watch();
else await work();

/** In the main thread: counts its own ticks while the worker reports. */
async function watch() {
  let ticks = 0;
  const clock = setInterval(() => {
    ticks += 1;
  }, 10);
  const worker = new Worker(new URL(import.meta.url));
  worker.on('message', ({ epoch, loss, bytes }) => {
    if (bytes) console.log(`the worker sent a model of ${bytes.length} bytes`);
    else console.log(`epoch ${epoch}: loss ${loss.toFixed(4)}`);
  });
  await new Promise((resolve, reject) => worker.on('exit', resolve).on('error', reject));
  clearInterval(clock);
  console.log(`meanwhile this thread was ${ticks > 0 ? 'free' : 'busy'}`);
}

/** In the worker: trains, and sends messages. */
async function work() {
  const { encodeModel, RECIPES, train } = await import('@bitgrad/core');
  const { wasmBackend } = await import('@bitgrad/core-wasm');
  const { loadMnist } = await import('@bitgrad/formats');
  const model = await train({
    recipe: { ...RECIPES.mnist, epochs: 2 },
    dataset: await loadMnist(),
    backend: await wasmBackend(),
    onEpoch: ({ epoch, loss }) => parentPort?.postMessage({ epoch, loss }),
  });
  parentPort?.postMessage({ bytes: encodeModel(model) });
}
