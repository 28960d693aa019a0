// What Stryker is told; mutation.mjs adds the files.

import { fileURLToPath } from 'node:url';

/** Of a portion, so that portions can be tried side by side. */
const folder = process.env.BITGRAD_MUTATION_FOLDER;
const here = (name) => fileURLToPath(import.meta.resolve(name));

/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  testRunner: 'vitest',
  vitest: { configFile: 'tools/mutation/vitest.config.mjs', related: false },
  plugins: [here('@stryker-mutator/vitest-runner'), here('./messages.mjs'), here('./sample.mjs')],
  ignorers: ['messages'],
  coverageAnalysis: 'perTest',
  // What is worked out once while modules are loaded would have every test run for it.
  ignoreStatic: true,
  concurrency: 1,
  // Beside half as long again as without a change. What takes longer counts as noticed: on a machine that does much
  // else a test may wait for long, and notice nothing.
  timeoutMS: 60_000,
  // The kernels' tests take ten seconds of a core; on a machine that does much else, more than the usual five minutes.
  dryRunTimeoutMinutes: 60,
  // Copies no more than the tests read.
  ignorePatterns: [
    '/*',
    '!/packages',
    '/packages/*',
    '!/packages/core-ts',
    '!/packages/conformance',
    '!/packages/formats',
    // Of the others, what its tsconfig.json names.
    ...['core-native', 'core-wasm'].flatMap((name) => [
      `!/packages/${name}`,
      `/packages/${name}/*`,
      `!/packages/${name}/tsconfig.json`,
    ]),
    '!/scripts',
    '!/tools',
    '/tools/*',
    '!/tools/mutation',
    'dist',
    '!/package.json',
    '!/tsconfig*.json',
  ],
  tempDirName: `${folder}/work`,
  reporters: ['json', 'progress-append-only'],
  jsonReporter: { fileName: `${folder}/report.json` },
  checkers: Number(process.env.BITGRAD_MUTATION_SHARE) < 1 ? ['sample'] : [],
  tsconfigFile: 'none',
  allowConsoleColors: false,
};
