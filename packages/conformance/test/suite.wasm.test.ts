import { wasmBackend } from '@bitgrad/core-wasm';
import { describe, it } from 'vitest';
import { suite } from '../src/suite.js';

describe('the WebAssembly backend', () => {
  const backend = wasmBackend();
  for (const one of suite()) it(`${one.group}: ${one.name}`, async () => one.run(await backend));
});
