// The suite on the TypeScript backend, but for what compares it with itself.

import { typescriptBackend } from '@bitgrad/core';
import { it } from 'vitest';
import { suite } from '../../packages/conformance/src/suite.ts';

const WITH_ITSELF = ['programs', 'split steps'];

const isProved = ({ group, name }) =>
  group === 'ops' ? name.startsWith('golden') : !WITH_ITSELF.includes(group);

for (const one of suite().filter(isProved)) {
  it(`${one.group}: ${one.name}`, () => one.run(typescriptBackend()));
}
