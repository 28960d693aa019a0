// The groups of the suite that take least, on the TypeScript backend, but for what compares it with itself. Whole
// trainings and gradients run the same kernels again: with every change counted they took longer than all else.

import { typescriptBackend } from '@bitgrad/core';
import { it } from 'vitest';
import { suite } from '../../packages/conformance/src/suite.ts';

const GROUPS = ['random', 'elementary', 'kernels', 'ops', 'reference'];

const isProved = ({ group, name }) =>
  GROUPS.includes(group) && (group !== 'ops' || name.startsWith('golden'));

for (const one of suite().filter(isProved)) {
  it(`${one.group}: ${one.name}`, () => one.run(typescriptBackend()));
}
