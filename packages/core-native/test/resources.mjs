// What a process of its own holds after using sessions or kernels in the way named by its argument,
// beyond what it held before: it prints { threads, virtual, resident }, the latter two in MiB. Needs
// Linux's /proc.
import { readdirSync, readFileSync } from 'node:fs';
import { COUNT, compileTraining } from '@bitgrad/core';
import { nativeBackend } from '@bitgrad/core-native';

const tiny = compileTraining(
  { layers: [4, 3, 2], activation: 'relu', outputActivation: 'none' },
  { sampleCount: 5, capacity: 5, preprocess: 'binarize', shift: null },
  { batchSize: 2, optimizer: 'sgd', l2: 0 },
);
const times = 40;

function held() {
  const status = readFileSync('/proc/self/status', 'utf8');
  const mebibytes = (/** @type {string} */ name) =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]) / 1024;
  return {
    threads: readdirSync('/proc/self/task').length,
    virtual: mebibytes('VmSize'),
    resident: mebibytes('VmRSS'),
  };
}

/** @param {number} threads */
function open(threads) {
  const session = nativeBackend({ threads }).open(tiny);
  session.freezeSamples?.();
  session.memory.u32('control')[COUNT] = 5;
  return session;
}

/** Opens, uses and closes a session. Its memory stays in use, so that no collection frees it. */
async function useAndClose() {
  const session = open(4);
  session.run('train', 1);
  await session.runAsync?.('train', 2);
  session.close();
  return session.memory;
}

/**
 * Multiplies small matrices with kernels that could use up to so many threads.
 *
 * @param {number} threads
 */
function multiply(threads) {
  const size = 64;
  const [a, b, c] = [0, 1, 2].map(() => new Float32Array(size * size).fill(1));
  const { kernels } = nativeBackend({ threads });
  kernels.sgemm(true, true, size, size, size, 2, a, size, b, size, 1, c, size);
  return kernels;
}

/** @type {Record<string, (round: number) => unknown>} */
const ways = {
  close: useAndClose,
  open: () => open(8),
  multiply: (round) => multiply(8 + round),
};

const way = ways[process.argv[2] ?? ''];
if (way === undefined) throw new Error(`expected one of ${Object.keys(ways)}`);
/** Exported so that nothing in it is collected. Whatever is made only once is made now. */
export const kept = [await way(0)];
const before = held();
for (let round = 1; round <= times; round += 1) kept.push(await way(round));
// The system may list a thread for a moment after it has ended.
for (let wait = 0; wait < 500 && held().threads > before.threads; wait += 1) {
  await new Promise((resolve) => setTimeout(resolve, 1));
}
const after = held();
console.log(
  JSON.stringify({
    threads: after.threads - before.threads,
    virtual: Math.round(after.virtual - before.virtual),
    resident: Math.round(after.resident - before.resident),
  }),
);
