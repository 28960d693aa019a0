import { typescriptBackend } from '@bitgrad/core';
import { describe, it } from 'vitest';
import { suite } from '../src/suite.js';

describe('the TypeScript backend', () => {
  const backend = typescriptBackend();
  for (const one of suite()) it(`${one.group}: ${one.name}`, () => one.run(backend));
});
