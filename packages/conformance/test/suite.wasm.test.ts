import { wasmBackend } from '@bitgrad/core-wasm';
import { describe, it } from 'vitest';
import { suite } from '../src/suite.js';
import { unanimous } from '../src/unanimous.js';

describe('the WebAssembly backend', () => {
  const backend = wasmBackend();
  for (const one of suite()) it(`${one.group}: ${one.name}`, async () => one.run(await backend));
});

describe('the WebAssembly backend, on several threads', () => {
  /** Trainings on each of these; what opens a session for every few shapes, on one of them. */
  const several = Promise.all([2, 3, 7].map((threads) => wasmBackend({ threads })));
  const trainings = several.then(([first, ...others]) => unanimous(first!, ...others));
  const three = several.then((backends) => backends[1]!);
  for (const { group, name, run } of suite()) {
    // Called directly, on the caller's thread alone.
    if (group === 'kernels') continue;
    const backend = group === 'trainings' ? trainings : three;
    it(`${group}: ${name}`, async () => run(await backend));
  }
});
