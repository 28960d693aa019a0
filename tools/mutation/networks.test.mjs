// Whole networks on the TypeScript backend, as somebody else worked them out: short trainings by the Python implementation
// of the contract, gradients and steps by PyTorch.

import { typescriptBackend } from '@bitgrad/core';
import { it } from 'vitest';
import { suite } from '../../packages/conformance/src/suite.ts';

/** What takes a tenth of a second or more. */
const LONG = /^(?:relu, batches of 1|a batch larger than a cache.*)$/;

for (const { group, name, run } of suite()) {
  const isProved = group === 'reference' || group === 'trainings';
  if (isProved && !LONG.test(name)) it(`${group}: ${name}`, () => run(typescriptBackend()));
}
