import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const packages = [
  'core-ts',
  'core-native',
  'core-wasm',
  'formats',
  'serve',
  'mpi',
  'queue',
  'conformance',
  'cli',
];
const dist = (folder: string) =>
  fileURLToPath(new URL(`packages/${folder}/dist/index.js`, import.meta.url));

// Each package's tests import their own sources by relative paths and every @bitgrad package by its
// name, which is the built code that ships. Node loads that itself ("external"): vitest's rewriting
// of imports would slow the kernels' inner loops.
const shared = {
  resolve: {
    // Whole names only: subpaths are the packages' own business.
    alias: [
      {
        find: /^bitgrad$/,
        replacement: fileURLToPath(new URL('packages/cli/dist/library/index.js', import.meta.url)),
      },
      { find: /^@bitgrad\/core$/, replacement: dist('core-ts') },
      { find: /^@bitgrad\/core-native$/, replacement: dist('core-native') },
      { find: /^@bitgrad\/core-wasm$/, replacement: dist('core-wasm') },
      { find: /^@bitgrad\/formats$/, replacement: dist('formats') },
      { find: /^@bitgrad\/serve$/, replacement: dist('serve') },
      { find: /^@bitgrad\/mpi$/, replacement: dist('mpi') },
      { find: /^@bitgrad\/queue$/, replacement: dist('queue') },
      { find: /^@bitgrad\/conformance$/, replacement: dist('conformance') },
    ],
  },
};
// Projects do not take these from the root.
const timeouts = { testTimeout: 120_000, hookTimeout: 120_000 };
const server = { deps: { external: [/\/packages\/[^/]+\/dist\//] } };

export default defineConfig({
  test: {
    // Every core: vitest leaves one free unless told, which is half of a small machine.
    maxWorkers: '100%',
    projects: [
      ...packages.map((name) => ({
        ...shared,
        test: {
          name,
          root: `packages/${name}`,
          include: ['test/**/*.test.ts'],
          server,
          ...timeouts,
        },
      })),
      // Whole programs, each in a process of its own.
      {
        test: {
          name: 'examples',
          root: 'examples',
          include: ['test/**/*.test.ts'],
          server,
          ...timeouts,
        },
      },
      // The page resolves packages as its bundler does: by their names, package.json included.
      {
        test: {
          name: 'web',
          root: 'packages/web',
          include: ['test/**/*.test.ts'],
          server,
          ...timeouts,
          // What a browser is waited for may take long on a busy machine; a second is not enough.
          expect: { poll: { timeout: 60_000 } },
          // A browser may crash for reasons of its own; the log says which test took two runs.
          retry: 1,
        },
      },
      ...['bench', 'scripts'].map((name) => ({
        ...shared,
        test: { name, root: name, include: ['test/**/*.test.ts'], server, ...timeouts },
      })),
    ],
  },
});
