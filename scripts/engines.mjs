// The same bits on other JavaScript engines: runs conformance's engine check, which trains small
// networks and compares their digests with pinned constants, and the library as people use it, whose
// digest must be the same on all, on the Node that runs this, on Node 22 and 24, on Bun
// (JavaScriptCore) and on Deno.
//
//   node scripts/engines.mjs --install   brings the engines from npm into .engines/ (git-ignored)
//   node scripts/engines.mjs             runs the check on each

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isRequired } from './require.mjs';
import { RunError, root, run, stage } from './run.mjs';

const folder = join(root, '.engines');
const check = join(root, 'packages', 'conformance', 'dist', 'engine-check.js');
const libraryCheck = join(root, 'scripts', 'library-check.mjs');
const isWindows = process.platform === 'win32';
const nodePackage = `node-${isWindows ? 'win' : process.platform}-${process.arch}`;

/** It may do everything, takes packages as they are installed, and writes no lockfile. */
const DENO_FLAGS = ['run', '--allow-all', '--node-modules-dir=manual', '--no-lock'];

/** Each engine's npm package under an alias of its own, and the files its executable may be. */
const engines = [
  { name: 'Node 22', spec: `node22@npm:${nodePackage}@22.23.3`, files: () => nodeFiles('node22') },
  { name: 'Node 24', spec: `node24@npm:${nodePackage}@24.21.0`, files: () => nodeFiles('node24') },
  { name: 'Bun', spec: 'bun@1.4.5', files: bunFiles },
  { name: 'Deno', spec: 'deno@2.9.6', files: denoFiles, flags: DENO_FLAGS },
];

/** @param {string} alias */
function nodeFiles(alias) {
  return [join(folder, 'node_modules', alias, 'bin', isWindows ? 'node.exe' : 'node')];
}

/**
 * Bun's own package copies an executable into place in an install script, which npm may refuse to
 * run; the executables lie in these packages, one for CPUs with AVX2 and one for those without.
 */
function bunFiles() {
  const scope = join(folder, 'node_modules', '@oven');
  if (!existsSync(scope)) return [];
  return readdirSync(scope)
    .sort()
    .map((name) => join(scope, name, 'bin', isWindows ? 'bun.exe' : 'bun'));
}

/** Deno's executables lie in packages of their own too, one for each platform. */
function denoFiles() {
  const scope = join(folder, 'node_modules', '@deno');
  if (!existsSync(scope)) return [];
  return readdirSync(scope).map((name) => join(scope, name, isWindows ? 'deno.exe' : 'deno'));
}

/**
 * The first of the files that runs on this machine, with its version, or null.
 * @param {string[]} files
 */
function findExecutable(files) {
  for (const file of files) {
    const { status, stdout } = spawnSync(file, ['--version'], { encoding: 'utf8' });
    // Deno says more than a number.
    const version = /\d+\.\d+\.\d+/.exec(stdout)?.[0];
    if (status === 0 && version !== undefined) return { file, version };
  }
  return null;
}

/**
 * The executable of an engine.
 * @param {string} name as in `Node 24`
 * @throws {Error} if it is not there
 */
export function executableOf(name) {
  const found = findExecutable(engines.find((engine) => engine.name === name)?.files() ?? []);
  if (found !== null) return found.file;
  throw new Error(`no ${name}: node scripts/engines.mjs --install brings it`);
}

/** Installs every engine into .engines/ by npm, with no install scripts. */
export async function installEngines() {
  mkdirSync(folder, { recursive: true });
  const flags = ['--no-save', '--no-package-lock', '--no-audit', '--no-fund', '--ignore-scripts'];
  const specs = engines.map(({ spec }) => spec);
  const args = ['install', '--prefix', folder, ...flags, ...specs];
  await run(isWindows ? 'npm.cmd' : 'npm', args, { shell: isWindows });
}

/**
 * Runs the check on every engine there is.
 * @returns {Promise<{ passed: number, failed: number, left: string[] }>} how many engines passed
 *   and failed, and a line for each that is not there
 */
export async function checkEngines() {
  const result = { passed: 0, failed: 0, left: /** @type {string[]} */ ([]) };
  /** @type {string | null} */
  let first = null;
  const here = { name: 'this Node', files: () => [process.execPath], flags: [] };
  for (const { name, files, flags = [] } of [here, ...engines]) {
    const found = findExecutable(files());
    if (found === null) {
      result.left.push(`${name}: not in .engines (node scripts/engines.mjs --install brings it)`);
      if (isRequired('engines')) result.failed += 1;
      continue;
    }
    try {
      const output = await stage(`${name} (${found.version})`, () =>
        run(found.file, [...flags, check]),
      );
      const last = output.trim().split('\n').at(-1);
      if (last) console.error(`  ${last}`);
      await stage(`  the library on ${name}`, async () => {
        const said = await run(found.file, [...flags, libraryCheck]);
        const digest = /^\w+ ([0-9a-f]{64})$/m.exec(said)?.[1];
        first ??= digest ?? null;
        if (digest === undefined || digest !== first) {
          throw new RunError('the library', 1, `expected ${first}, received ${said}`);
        }
      });
      result.passed += 1;
    } catch (error) {
      if (!(error instanceof RunError)) throw error;
      result.failed += 1;
    }
  }
  return result;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    if (process.argv.includes('--install')) {
      await stage('installing engines', installEngines);
      for (const { name, files } of engines) {
        console.error(`  ${name}: ${findExecutable(files())?.version ?? 'does not run here'}`);
      }
    } else {
      const { passed, failed, left } = await checkEngines();
      for (const line of left) console.error(`not run: ${line}`);
      console.log(`engines: ${passed} passed, ${failed} failed`);
      process.exitCode = failed === 0 ? 0 : 1;
    }
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
    process.exitCode = error.exitCode;
  }
}
