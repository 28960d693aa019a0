import { nativeAvailability, nativeBackend } from '@bitgrad/core-native';
import { describe, it } from 'vitest';
import { isRequired } from '../../../scripts/require.mjs';
import { suite } from '../src/suite.js';

const native = nativeAvailability();

if (native.available) {
  // The scalar or narrowest set has its own mistakes to make: every one is run.
  for (const isa of native.isa) {
    describe(`the native backend, ${isa}`, () => {
      const backend = nativeBackend({ isa });
      for (const one of suite()) it(`${one.group}: ${one.name}`, () => one.run(backend));
    });
  }
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
