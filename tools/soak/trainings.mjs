// Trains in the library, many networks at once in one process, again and again:
//
//   node tools/soak/trainings.mjs [--minutes 10] [--at-once 30] [--backend native]
//
// Every training must have the digest that it has alone, memory must not be MOST_GROWTH more in the last fifth of the
// time than in the second (the first warms up; medians, as the most of a time is what happened to meet in it), and no
// piece of work may keep the event loop longer than LONGEST_WAIT. Exits with 1 where that is not so. Build first.
//
// Time passes that the loop waits for a core, too, where as many threads train; it is told, and not judged.

import { monitorEventLoopDelay } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { train } from '../../packages/cli/dist/library/index.js';
import { watchLoop } from './loop-work.mjs';

/** In MiB: what engines' heaps come and go by. */
const MOST_GROWTH = 64;
/** In milliseconds. */
const LONGEST_WAIT = 50;

/** Classes, numbers and images, with what remembers most: momenta, dropout, the best weights, augmentation. */
const JOBS = [
  { data: table(2000, 'kind'), options: { label: 'kind', layers: [32, 16], epochs: 8 } },
  {
    data: table(1000, 'kind'),
    options: { label: 'kind', layers: [16], epochs: 12, optimizer: 'adam', dropout: 0.3 },
  },
  { data: table(3000, 'amount'), options: { label: 'amount', layers: [24], epochs: 6 } },
  {
    data: 'mnist',
    options: {
      recipe: 'mnist',
      layers: [784, 16, 10],
      epochs: 1,
      subset: 2000,
      split: [0.8, 0.1, 0.1],
    },
  },
];

function table(count, target) {
  return Array.from({ length: count }, (_, at) => ({
    a: Math.sin(at),
    b: (at * 7919) % 100,
    c: at % 13,
    d: ['x', 'y', 'z'][(at * 31) % 3],
    [target]: target === 'kind' ? `k${(at * at) % 4}` : Math.cos(at) + (at % 7),
  }));
}

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    'at-once': { type: 'string', default: '30' },
    backend: { type: 'string', default: 'auto' },
  },
});
const milliseconds = 60_000 * Number(values.minutes);
const lanes = Number(values['at-once']);

/** @returns the digest of a training of a job by a seed */
async function digestOf({ data, options }, seed) {
  const model = await train(data, { ...options, seed, backend: values.backend });
  try {
    return model.receipt.weightsSha256;
  } finally {
    await model.close();
  }
}

/** One network each, by the lane's own seed: what it gives alone. */
const jobOf = (lane) => JOBS[lane % JOBS.length];
const alone = [];
for (let lane = 0; lane < lanes; lane += 1) alone.push(await digestOf(jobOf(lane), lane));

const resident = () => {
  globalThis.gc?.();
  return process.memoryUsage().rss / 2 ** 20;
};
const begun = performance.now();
const delay = monitorEventLoopDelay({ resolution: 5 });
let [trained, different] = [0, 0];
/** In MiB, once a second, by the fifth of the time. */
const memory = Array.from({ length: 5 }, () => /** @type {number[]} */ ([]));
delay.enable();
const loop = watchLoop();
const watch = setInterval(() => {
  const fifth = Math.floor((5 * (performance.now() - begun)) / milliseconds);
  memory[Math.min(4, fifth)].push(resident());
}, 1000);
await Promise.all(
  alone.map(async (digest, lane) => {
    while (performance.now() - begun < milliseconds) {
      if ((await digestOf(jobOf(lane), lane)) !== digest) different += 1;
      trained += 1;
    }
  }),
);
delay.disable();
clearInterval(watch);
const worked = loop.end();

const [longest, percentile99] = [delay.max, delay.percentile(99)].map((value) => value / 1e6);
console.log(
  `${trained} trainings, ${lanes} at once, ${values.minutes} min: ${different} of another digest than alone`,
);
const medians = memory.map((of) => of.sort((a, b) => a - b)[Math.floor(of.length / 2)] ?? 0);
console.log(
  `memory, by fifths of the time: ${medians.map((of) => of.toFixed(0)).join(', ')} MiB in the median, at most ${Math.max(...memory.flat()).toFixed(0)}`,
);
console.log(
  `event loop: longest wait ${longest.toFixed(1)} ms, 99th percentile ${percentile99.toFixed(1)} ms`,
);
if (worked !== null) {
  console.log(
    `of these its own work: longest ${worked.longest.toFixed(1)} ms, 99th percentile ${worked.percentile99.toFixed(1)} ms`,
  );
}
const isLong = (worked?.longest ?? longest) > LONGEST_WAIT;
const growth = medians[4] - medians[1];
if (different > 0 || growth > MOST_GROWTH || isLong) process.exitCode = 1;
