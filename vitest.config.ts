import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

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
/** Whose files take longest: nobody is left with one of them when all others are done. */
const LONGEST = ['conformance', 'mpi', 'web', 'scripts', 'examples', 'cli', 'core-native'];

/** Begins with the projects that take longest, each as vitest has it: its longest or largest file first. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ project: { name } }: TestSpecification) =>
      LONGEST.includes(name) ? LONGEST.indexOf(name) : LONGEST.length;
    return (await super.sort(files)).sort((a, b) => place(a) - place(b));
  }
}

/** Their tests change nothing that others see: one process serves many files, which starts less. */
const SHARING = ['core-ts', 'formats', 'cli', 'serve'];

// Projects do not take these from the root.
const timeouts = { testTimeout: 120_000, hookTimeout: 120_000 };
const server = { deps: { external: [/\/packages\/[^/]+\/dist\//] } };

export default defineConfig({
  test: {
    // One more than cores: many tests wait for a process, a browser or a timer. With more, threads that wait for
    // one another in the conformance suite take ten times as long.
    maxWorkers: availableParallelism() + 1,
    sequence: { sequencer: LongestFirst },
    projects: [
      ...packages.map((name) => ({
        ...shared,
        test: {
          name,
          root: `packages/${name}`,
          include: ['test/**/*.test.ts'],
          isolate: !SHARING.includes(name),
          ...(name === 'cli' && { globalSetup: '../../scripts/published.mjs' }),
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
          isolate: false,
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
