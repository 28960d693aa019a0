import { nativeAvailability } from '@bitgrad/core-native';
import { wasmBackend } from '@bitgrad/core-wasm';
import { describe, it } from 'vitest';
import { missing } from '../../../scripts/require.mjs';
import { GROUPS_APART } from '../src/native-cases.js';
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
    if (!GROUPS_APART.includes(group)) continue;
    it(`${group}: ${name}`, async () => run(await one));
  }
});

describe('the WebAssembly backend, on three threads', () => {
  for (const { group, name, run } of all) {
    if (group === 'session') it(`${group}: ${name}`, async () => run(await three));
  }
});

describe('the WebAssembly backend, on one thread and on several', () => {
  const others = (missing('long') ? [] : [2, 7]).map((count) => wasmBackend({ threads: count }));
  const pair = Promise.all([one, three]).then((backends) => unanimous(...backends));
  const every = Promise.all([one, three, ...others]).then((backends) => unanimous(...backends));
  // In little time it goes along with the native backend on three threads, as suite.native.test.ts says.
  const goesAlong = missing('long') && nativeAvailability().available;
  for (const { group, name, run } of all) {
    if (GROUPS_APART.includes(group) || (goesAlong && group !== 'trainings')) continue;
    const backend = goesAlong ? one : group === 'trainings' ? every : pair;
    it(`${group}: ${name}`, async () => run(await backend));
  }
});
