import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { nativeAvailability, nativeBackend } from '@bitgrad/core-native';
import { wasmBackend } from '@bitgrad/core-wasm';
import { describe, it } from 'vitest';
import { isRequired, missing } from '../../../scripts/require.mjs';
import { nativeCases } from '../src/native-cases.js';
import { suite } from '../src/suite.js';
import { partOf } from './part.js';

const native = nativeAvailability();
/** Made beside the addon, for tests. */
const float = '../../core-native/build/Release/float_environment.node';
/** Numbers of threads, of which most are more than there are cores, and wait for each other. */
const threads = missing('long') ? [2] : [1, 2, 3, 7];
// In little time WebAssembly goes along: what all are compared with is worked out once.
const extent = missing('long')
  ? {
      ...{ cases: partOf(suite()), threads, isOnce: true },
      others: [await wasmBackend({ threads: 2 })],
    }
  : { threads };

if (native.available) {
  const environment = createRequire(import.meta.url)(
    fileURLToPath(new URL(float, import.meta.url)),
  );
  // The narrowest set has its own mistakes to make: every one is run.
  describe(`the native backend, ${native.isa.join(', ')}`, () => {
    const make = (isa: (typeof native.isa)[number], count: number) =>
      nativeBackend({ isa, threads: count });
    const cases = nativeCases(native.isa, make, environment, extent);
    for (const { name, run } of cases) it(name, run);
  });
  // Nor must it make a difference where work is shared as the addon thinks best.
  describe('the native backend, threads as it thinks best', () => {
    const backend = nativeBackend();
    for (const one of suite().filter(({ group }) => group === 'trainings')) {
      it(one.name, () => one.run(backend));
    }
  });
} else {
  describe('the native backend', () => {
    it(`not run: ${native.reason}`, ({ skip }) => {
      if (isRequired('native')) {
        throw new Error(`BITGRAD_REQUIRE demands native: ${native.reason}`);
      }
      skip();
    });
  });
}
