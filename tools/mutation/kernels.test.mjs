// Of the suite what somebody else worked out (the Python implementation of the contract, PyTorch) or what a rule says, on
// the TypeScript backend. Its other cases compare backends with this one, or run the same kernels for long: with every
// change counted that takes minutes.

import { typescriptBackend } from '@bitgrad/core';
import { it } from 'vitest';
import { suite } from '../../packages/conformance/src/suite.ts';

/** By group, the names that are left out. */
const LEFT_OUT = {
  kernels: /^(?:sgemm|sgemv|sger|vectors), /,
  ops: /^(?!golden)/,
  reference: /^\d+ steps/,
};

for (const { group, name, run } of suite()) {
  if (LEFT_OUT[group]?.test(name) === false)
    it(`${group}: ${name}`, () => run(typescriptBackend()));
}
