import { typescriptBackend } from '@bitgrad/core';
import { describe, it } from 'vitest';
import { missing } from '../../../scripts/require.mjs';
import { suite } from '../src/suite.js';
import { partOf } from './part.js';

describe('the TypeScript backend', () => {
  const backend = typescriptBackend();
  const cases = missing('long') ? partOf(suite()) : suite();
  for (const one of cases) it(`${one.group}: ${one.name}`, () => one.run(backend));
});
