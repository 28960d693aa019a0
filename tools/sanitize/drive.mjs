// What is run under a sanitizer, which ends the process at the first thing that it finds:
//
//   node drive.mjs <folder> <address | thread> [--every N] [--programs N] [--seed N]
//
// The folder is laid out as the package core-native is. Prints one line a part.

import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { suite } from '../../packages/conformance/dist/index.js';
import { Random } from '../fuzz/random.mjs';
import { guarded } from './guarded.mjs';
import { breakIn, programs, tiny } from './programs.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    every: { type: 'string', default: '12' },
    programs: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
    planted: { type: 'boolean', default: false },
  },
});
const [folder, kind] = positionals;
const native = await import(pathToFileURL(resolve(folder, 'dist', 'index.js')).href);
const availability = native.nativeAvailability();
if (!availability.available) throw new Error(availability.reason);
const [isa] = availability.isa;

/** Sizes of teams: all that a member can be first, last or alone in. */
const TEAMS = [1, 2, 3, 4, 5, 6, 7];
const guard = kind === 'address' ? poisoned() : () => () => undefined;
const backendOf = (threads) => guarded(native.nativeBackend({ isa, threads }), guard);

/** Gaps that instrumented code may not so much as read. */
function poisoned() {
  const { poison } = createRequire(import.meta.url)(resolve(folder, 'build/Release/poison.node'));
  return (arena, gaps) => {
    for (const { from, length } of gaps) poison(arena.buffer, arena.byteOffset + from, length);
    return () => undefined;
  };
}

async function conformance() {
  const every = Number(values.every);
  const groups = new Map();
  let count = 0;
  for (const one of suite()) {
    const at = groups.get(one.group) ?? 0;
    groups.set(one.group, at + 1);
    if (at % every !== Number(values.seed) % every) continue;
    await one.run(backendOf(TEAMS[count % TEAMS.length]));
    count += 1;
  }
  console.log(`conformance: ${count} cases`);
}

async function randomPrograms() {
  let refused = 0;
  for (let at = 0; at < Number(values.programs); at += 1) {
    const random = new Random(Number(values.seed), 'sanitize', at);
    refused += programs(random, backendOf(random.pick(TEAMS)));
  }
  console.log(`random programs: ${values.programs}, ${refused} of them refused`);
}

/** Sessions whose end comes in the middle of a run, in each way that there is. */
async function ends() {
  for (const threads of [1, 3, 7]) await breakIn(native.nativeBackend({ isa, threads }));
  const workers = [1, 2, 3].map(
    (threads) =>
      new Worker(new URL('ended-worker.mjs', import.meta.url), {
        workerData: { folder: resolve(folder), isa, threads },
      }),
  );
  await Promise.all(
    workers.map(async (worker) => {
      await new Promise((hear, fail) => worker.once('message', hear).once('error', fail));
      await worker.terminate();
    }),
  );
  console.log('sessions closed, dropped, detached, ended: held');
}

if (values.planted) {
  // By two threads, so that there is someone to race with.
  const session = backendOf(2).open(tiny);
  session.memory.u32('control')[1] = 64;
  session.run('train', 64);
} else {
  await conformance();
  await randomPrograms();
  await ends();
}
