import { typescriptBackend } from '@bitgrad/core';
import { describe, it } from 'vitest';
import { missing } from '../../../scripts/require.mjs';
import { suite } from '../src/suite.js';
import { partOf } from './part.js';

const isOfShapes = (group: string, name: string) => group === 'ops' && !name.startsWith('golden');

describe('the TypeScript backend', () => {
  const backend = typescriptBackend();
  // Ops over shapes, and programs, it would be compared with itself in: that shows only that it can run them.
  const cases = missing('long')
    ? partOf(suite()).filter(({ group, name }) => group !== 'programs' && !isOfShapes(group, name))
    : suite();
  for (const one of cases) it(`${one.group}: ${one.name}`, () => one.run(backend));
});
