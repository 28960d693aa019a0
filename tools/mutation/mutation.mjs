// Changes the TypeScript of the core and of the files' readers, a place at a time, and sees whether its tests notice:
//
//   node tools/mutation/mutation.mjs --install          brings Stryker
//   node tools/mutation/mutation.mjs [PORTION…] [--files NAME,…] [--tests NAME,…] [--share 0.2 --seed 1]
//
// For each portion the score and what survived; all of it in runs/mutation. Exits with 1 where a score is below
// LEAST. It takes about a second a change; words of errors are left alone (messages.mjs). With --share only so many
// of the changes are tried, drawn at random (sample.mjs).

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { root, run, tools } from '../../scripts/run.mjs';
import { PORTIONS } from './portions.mjs';

/** Of 100 changes, how many must be noticed. */
const LEAST = 90;
const here = fileURLToPath(new URL('.', import.meta.url));
const results = join(root, 'runs', 'mutation');

/** Runs Stryker on a portion. @returns its report (mutation-testing-report-schema) */
async function mutate(name, { files, tests, share, seed }) {
  const { folder, changed, tests: all } = PORTIONS[name];
  const stryker = join(here, 'node_modules/@stryker-mutator/core/bin/stryker.js');
  const patterns = (files?.split(',') ?? changed.split(' ')).map(
    (file) => `packages/${folder}/${file}.ts`,
  );
  const tested = (tests?.split(',') ?? all.split(' ')).map((file) =>
    file.startsWith('/')
      ? `${file.slice(1)}.test.mjs`
      : `packages/${folder.split('/')[0]}/test/${file}.test.ts`,
  );
  await run(
    process.execPath,
    [stryker, 'run', 'tools/mutation/stryker.config.mjs', '--mutate', patterns.join(',')],
    {
      show: true,
      env: {
        BITGRAD_MUTATION_FOLDER: `runs/mutation/${name}`,
        BITGRAD_MUTATION_TESTS: tested.join(),
        BITGRAD_MUTATION_SHARE: share,
        BITGRAD_MUTATION_SEED: seed,
      },
    },
  );
  return JSON.parse(readFileSync(join(results, name, 'report.json'), 'utf8'));
}

/** Prints a report's scores and survivors. @returns the score of all its files */
function tell(name, { files }) {
  const isKilled = ({ status }) => status === 'Killed' || status === 'Timeout';
  const isCounted = (mutant) =>
    isKilled(mutant) || mutant.status === 'Survived' || mutant.status === 'NoCoverage';
  const all = [];
  let drawnFrom = 0;
  for (const [file, { source, mutants }] of Object.entries(files)) {
    const counted = mutants.filter(isCounted);
    all.push(...counted);
    drawnFrom += counted.length + mutants.filter(({ status }) => status === 'CompileError').length;
    const lines = source.split('\n');
    for (const mutant of counted.filter((one) => !isKilled(one))) {
      const { start } = mutant.location;
      const place = `${file.replace(/^packages\/|src\//g, '')}:${start.line}:${start.column}`;
      console.log(`  ${place} ${mutant.status} ${mutant.mutatorName}: ${mutant.replacement}`);
      console.log(`      ${lines[start.line - 1].trim()}`);
    }
  }
  const killed = all.filter(isKilled).length;
  const endless = all.filter(({ status }) => status === 'Timeout').length;
  const score = (100 * killed) / Math.max(1, all.length);
  console.log(
    `${name}: ${all.length} of ${drawnFrom} changes, ${killed} noticed, ${endless} of them for taking too long: ${score.toFixed(1)} %`,
  );
  return score;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    install: { type: 'boolean', default: false },
    files: { type: 'string' },
    tests: { type: 'string' },
    share: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
  },
});
if (values.install) {
  await run(process.execPath, [join(root, tools.pnpm), 'install', '--frozen-lockfile'], {
    folder: here,
    show: true,
  });
} else if (!existsSync(join(here, 'node_modules'))) {
  console.error('error: mutation: expected Stryker, received nothing; add it with --install');
  process.exitCode = 1;
} else {
  for (const name of positionals.length > 0 ? positionals : Object.keys(PORTIONS)) {
    if (!Object.hasOwn(PORTIONS, name)) {
      console.error(
        `error: mutation: expected ${Object.keys(PORTIONS).join(', ')}, received ${name}`,
      );
      process.exit(2);
    }
    if (tell(name, await mutate(name, values)) < LEAST) process.exitCode = 1;
  }
}
