import { wasmBackend } from '@bitgrad/core-wasm';
import { describe, it } from 'vitest';
import { missing } from '../../../scripts/require.mjs';
import { suite } from '../src/suite.js';
import { unanimous } from '../src/unanimous.js';
import { partOf } from './part.js';

const all = missing('long') ? partOf(suite()) : suite();
const one = wasmBackend();
const three = wasmBackend({ threads: 3 });

describe('the WebAssembly backend', () => {
  for (const { group, name, run } of all) {
    // The kernels are called directly, on the caller's thread alone; sessions are also looked at
    // while they run off the event loop. All else is compared with what is worked out once for all.
    if (!['kernels', 'session'].includes(group)) continue;
    it(`${group}: ${name}`, async () => run(await one));
  }
});

describe('the WebAssembly backend, on three threads', () => {
  for (const { group, name, run } of all) {
    if (group === 'session') it(`${group}: ${name}`, async () => run(await three));
  }
});

describe('the WebAssembly backend, on one thread and on several', () => {
  const threads = missing('long') ? [] : [2, 7];
  const pair = Promise.all([one, three]).then((backends) => unanimous(...backends));
  const others = threads.map((count) => wasmBackend({ threads: count }));
  const trainings = Promise.all([one, three, ...others]).then((backends) => unanimous(...backends));
  for (const { group, name, run } of all) {
    if (['kernels', 'session'].includes(group)) continue;
    const backend = group === 'trainings' ? trainings : pair;
    // A program of every op opens two sessions; ops and trainings are run on one thread as well.
    const isOnThree = group === 'programs' && missing('long');
    it(`${group}: ${name}`, async () => run(await (isOnThree ? three : backend)));
  }
});
