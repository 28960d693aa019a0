import { nativeAvailability, nativeBackend } from '@bitgrad/core-native';
import { describe, it } from 'vitest';
import { isRequired } from '../../../scripts/require.mjs';
import { suite } from '../src/suite.js';

const native = nativeAvailability();

if (native.available) {
  // The narrowest set has its own mistakes to make: every one is run.
  for (const isa of native.isa) {
    describe(`the native backend, ${isa}`, () => {
      const backend = nativeBackend({ isa, threads: 1 });
      for (const one of suite()) it(`${one.group}: ${one.name}`, () => one.run(backend));
    });
  }
  // How the work is shared must make no difference, nor where it is shared as the addon thinks best.
  const trainings = suite().filter(({ group }) => group === 'trainings');
  for (const backend of [
    ...[2, 3, 7].map((threads) => nativeBackend({ threads })),
    nativeBackend(),
  ]) {
    describe(`the native backend, ${backend.threads} threads`, () => {
      for (const one of trainings) it(one.name, () => one.run(backend));
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
