// A process that ends, drops or terminates a runAsync that is under way, in the way named by its
// argument. It prints `done` and exits with 0 if nothing went wrong.
import { isMainThread, Worker } from 'node:worker_threads';
import { COUNT, planMemory } from '@bitgrad/core';
import { nativeBackend } from '@bitgrad/core-native';

const LONGEST = 0x7fffffff;
const program = {
  ...planMemory([
    ['control', 'u32', 3],
    ['output', 'f32', 1, 64],
  ]),
  entries: {
    train: {
      batchSize: 1,
      ops: [{ op: 'activation', output: 'output', width: 64, activation: 'relu' }],
    },
  },
};

/** @param {number} steps */
function start(steps) {
  const session = nativeBackend().open(/** @type {any} */ (program));
  session.memory.u32('control')[COUNT] = steps;
  return session.runAsync?.('train', steps);
}

/** @param {string} way */
function startWorker(way) {
  return new Worker(new URL(import.meta.url), { argv: [way] });
}

/** @type {Record<string, () => unknown>} */
const ways = {
  async exit() {
    void start(LONGEST);
    await new Promise((resolve) => setTimeout(resolve, 20));
    console.log('done');
    process.exit(0);
  },
  async collect() {
    const running = start(3_000_000);
    for (let i = 0; i < 5; i += 1) {
      globalThis.gc?.();
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await running;
    console.log('done');
  },
  async terminate() {
    const worker = startWorker('exitless');
    await new Promise((resolve) => worker.once('message', resolve));
    await worker.terminate();
    await start(1000);
    console.log('done');
  },
  async workers() {
    const workers = ['short', 'short', 'short'].map(startWorker);
    await start(100_000);
    const codes = await Promise.all(
      workers.map((worker) => new Promise((resolve) => worker.once('exit', resolve))),
    );
    if (codes.every((code) => code === 0)) console.log('done');
  },
  async exitless() {
    const { parentPort } = await import('node:worker_threads');
    void start(LONGEST);
    parentPort?.postMessage('started');
  },
  short: () => start(100_000),
};

const way = process.argv[2] ?? '';
await ways[way]?.();
if (!isMainThread) await new Promise((resolve) => setTimeout(resolve, 0));
