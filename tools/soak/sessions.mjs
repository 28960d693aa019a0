// Opens, runs and closes sessions on each backend, and the same without closing them, and says what the process
// holds afterwards; then trains in the library and says how long the event loop was kept waiting:
//
//   node tools/soak/sessions.mjs [SESSIONS]
//
// Exits with 1 where memory grows by more than MOST_GROWTH after the first fifth of the sessions. Build first.

import { spawnSync } from 'node:child_process';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { compileTraining, typescriptBackend } from '../../packages/core-ts/dist/index.js';

/** In MiB: what engines' heaps come and go by. */
const MOST_GROWTH = 64;

const program = compileTraining(
  { layers: [4, 16, 3], activation: 'relu', outputActivation: 'none' },
  { sampleCount: 50, capacity: 50, preprocess: 'none', shift: null },
  { batchSize: 10, optimizer: 'sgd', l2: 0 },
);

const BACKENDS = {
  ts: async () => typescriptBackend(),
  wasm: async () => (await import('../../packages/core-wasm/dist/index.js')).wasmBackend(),
  'wasm, 2 threads': async () =>
    (await import('../../packages/core-wasm/dist/index.js')).wasmBackend({ threads: 2 }),
  native: async () => (await import('../../packages/core-native/dist/index.js')).nativeBackend(),
};

const resident = () => {
  globalThis.gc?.();
  return process.memoryUsage().rss / 2 ** 20;
};

/** @returns MiB after a fifth of the sessions, the most that was seen later, and at the end */
async function soak(name, sessions, isClosed) {
  const backend = await BACKENDS[name]();
  let [fifth, most] = [0, 0];
  for (let at = 1; at <= sessions; at += 1) {
    const session = backend.open(program);
    session.memory.u32('control')[1] = 50;
    session.run('train', 5);
    if (isClosed) session.close();
    // What is dropped is freed when the event loop turns.
    if (at % 50 === 0) await new Promise((turn) => setImmediate(turn));
    if (at === sessions / 5) fifth = resident();
    if (at > sessions / 5 && at % (sessions / 20) === 0) most = Math.max(most, resident());
  }
  return { fifth: Math.round(fifth), most: Math.round(most), end: Math.round(resident()) };
}

/** The longest and the 99th percentile of what the event loop waited, in milliseconds, while a network is trained. */
async function delay() {
  const { train } = await import('../../packages/cli/dist/library/index.js');
  const rows = Array.from({ length: 20_000 }, (_, at) => ({
    a: Math.sin(at),
    b: (at * 7919) % 100,
    c: at % 13,
    kind: at % 3 === 0 ? 'x' : 'y',
  }));
  const histogram = monitorEventLoopDelay({ resolution: 5 });
  const options = { label: 'kind', epochs: 5, layers: [64, 64] };
  await train(rows, options);
  histogram.enable();
  await train(rows, options);
  histogram.disable();
  return { longest: histogram.max / 1e6, percentile99: histogram.percentile(99) / 1e6 };
}

const [sessions = '10000', part, kind] = process.argv.slice(2);
if (part === 'delay') console.log(JSON.stringify(await delay()));
else if (part !== undefined) {
  console.log(JSON.stringify(await soak(part, Number(sessions), kind === 'closed')));
  process.exit();
} else {
  const file = fileURLToPath(import.meta.url);
  const ask = (...words) => {
    const child = spawnSync(process.execPath, ['--expose-gc', file, sessions, ...words], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    return child.status === 0 ? JSON.parse(child.stdout) : null;
  };
  for (const name of Object.keys(BACKENDS)) {
    for (const way of ['closed', 'dropped']) {
      const held = ask(name, way);
      const isFlat = held !== null && held.most - held.fifth <= MOST_GROWTH;
      if (!isFlat) process.exitCode = 1;
      const text =
        held === null
          ? 'died'
          : `${held.fifth} MiB after a fifth, at most ${held.most} later, ${held.end} at the end`;
      console.log(`${name}, ${sessions} sessions ${way}: ${text}`);
    }
  }
  const waited = ask('delay');
  const text = waited && Object.values(waited).map((value) => `${value.toFixed(1)} ms`);
  console.log(`event loop while training: longest wait ${text?.[0]}, 99th percentile ${text?.[1]}`);
}
