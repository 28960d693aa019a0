// The tests that notice a change of the core's sources: its own, and the suite of conformance on the sources
// instead of what is built of them. Nothing here needs a build.

import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = new URL('../../', import.meta.url);
const source = (file) => fileURLToPath(new URL(`packages/${file}`, root));

export default defineConfig({
  resolve: {
    alias: [
      { find: /^@bitgrad\/core$/, replacement: source('core-ts/src/index.ts') },
      { find: /^@bitgrad\/core\/backend$/, replacement: source('core-ts/src/for-backends.ts') },
      { find: /^@bitgrad\/core\/errors$/, replacement: source('core-ts/src/errors.ts') },
    ],
  },
  test: {
    root: fileURLToPath(root),
    include: (process.env.BITGRAD_MUTATION_TESTS ?? 'packages/core-ts/test/**/*.test.ts').split(
      ',',
    ),
    // Stryker says when a test takes too long.
    testTimeout: 0,
    pool: 'threads',
    isolate: false,
  },
});
