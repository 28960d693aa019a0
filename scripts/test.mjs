// `npm test`: what this machine can check, from a fresh clone, in some minutes. It ends with a
// summary, which also says what was not run and why; BITGRAD_REQUIRE (see require.mjs) makes what is
// missing an error, and with `long` runs what takes longer too.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { checkArm64 } from './arm64.mjs';
import { checkEngines } from './engines.mjs';
import { checkHalves, hasHalves } from './halves.mjs';
import { isRequired, listMissing, reasonMissing, siteMade } from './require.mjs';
import { build, install, RunError, root, run, runTool, stage } from './run.mjs';

/** @type {{ name: string, passed: number, failed: number, skipped: number }[]} */
const results = [];

/**
 * Runs one check of its own as a stage and counts it; a failure does not keep the next from running.
 * @param {string} name
 * @param {() => Promise<unknown>} work
 * @param {Parameters<typeof stage>[2]} [options]
 */
async function check(name, work, options) {
  let failed = 0;
  try {
    await stage(name, work, options);
  } catch (error) {
    if (!(error instanceof RunError)) console.error(error);
    failed = 1;
  }
  results.push({ name, passed: 1 - failed, failed, skipped: 0 });
}

const BESIDE = { isBesideOthers: true };

/** The small checks, one after the other. */
async function staticChecks() {
  await check('types', () => runTool('tsc', ['-b']), BESIDE);
  const lint = ['check', '--error-on-warnings', '.'];
  await check('lint and format', () => runTool('biome', lint), BESIDE);
  // A process of its own: its parser can be imported only once the dependencies are installed.
  await check(
    'purity of the core',
    () => run(process.execPath, ['scripts/check-core.mjs']),
    BESIDE,
  );
}

async function unitTests() {
  const scratch = mkdtempSync(join(tmpdir(), 'bitgrad-test-'));
  const report = join(scratch, 'report.json');
  const args = ['run', '--reporter=dot', '--reporter=json', `--outputFile.json=${report}`];
  let exitCode = 0;
  try {
    await runTool('vitest', args, { show: true, env: { BITGRAD_SITE: 'coming' } });
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
    exitCode = error.exitCode;
  }
  try {
    const { numPassedTests, numFailedTests, numPendingTests, testResults } = JSON.parse(
      readFileSync(report, 'utf8'),
    );
    nameSlowest(testResults);
    // A file that cannot even be loaded fails without one failed test.
    const failed = exitCode === 0 ? 0 : Math.max(1, numFailedTests);
    const passed = numPassedTests;
    results.push({ name: 'unit tests', passed, failed, skipped: numPendingTests });
  } catch {
    results.push({ name: 'unit tests (no report written)', passed: 0, failed: 1, skipped: 0 });
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** How many files are named that took the longest. */
const SLOWEST = 5;

/** @param {{ name: string, startTime: number, endTime: number }[]} files that were tested */
function nameSlowest(files) {
  const taken = files
    .map(({ name, startTime, endTime }) => ({ name, seconds: (endTime - startTime) / 1000 }))
    .sort((a, b) => b.seconds - a.seconds)
    .slice(0, SLOWEST);
  const lines = taken.map(
    ({ name, seconds }) => `  ${seconds.toFixed(0)} s ${relative(root, name)}`,
  );
  console.error(`the slowest files:\n${lines.join('\n')}`);
}

/**
 * Whether something is to be checked that takes long.
 * @param {string} name as in require.mjs
 */
const isAsked = (name) => isRequired(name) || isRequired('long');

/** @param {string[]} enginesLeft */
function summarize(enginesLeft) {
  const missing = listMissing();
  console.log('\nSummary');
  for (const { name, passed, failed, skipped } of results) {
    const skippedText = skipped > 0 ? `, ${skipped} skipped` : '';
    console.log(
      `  ${failed > 0 ? '✗' : '✓'} ${name}: ${passed} passed${skippedText}, ${failed} failed`,
    );
  }
  const lines = missing.map(({ line, required }) => (required ? `${line} (required)` : line));
  if (missing.every(({ name }) => name !== 'engines')) lines.push(...enginesLeft);
  for (const line of lines) console.log(`  – not run: ${line}`);

  const sum = (/** @type {'passed' | 'failed'} */ key) =>
    results.reduce((total, result) => total + result[key], 0);
  const failed = sum('failed') + missing.filter(({ required }) => required).length;
  console.log(`${sum('passed')} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}

try {
  await stage('installing', install);
  await stage('building', () => build());
} catch (error) {
  if (!(error instanceof RunError)) throw error;
  console.log('0 passed, 1 failed');
  process.exit(1);
}
// What waits in the tests leaves a core to the others.
rmSync(siteMade, { force: true });
await Promise.all([
  check('the site', () => run(process.execPath, ['scripts/site.mjs']), BESIDE),
  staticChecks(),
  unitTests(),
]);
if (isRequired('long') && hasHalves()) await check('kernels for AVX-512, in halves', checkHalves);
if (isAsked('arm64') && reasonMissing('arm64') === null) {
  await check('NEON kernels, emulated', checkArm64);
}
let enginesLeft = /** @type {string[]} */ ([]);
if (isAsked('engines')) {
  const engines = await checkEngines();
  enginesLeft = engines.left;
  results.push({ name: 'JavaScript engines', ...engines, skipped: 0 });
}
summarize(enginesLeft);
