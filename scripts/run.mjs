// Running other programs from these scripts: quietly unless something fails, and without a shell,
// so that it works the same on Windows.

import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root folder. */
export const root = fileURLToPath(new URL('..', import.meta.url));

const bin = join(root, 'node_modules', '.bin');

/** The tools' JavaScript entries: starting these with Node needs no `.cmd` wrappers. */
export const tools = {
  biome: 'node_modules/@biomejs/biome/bin/biome',
  pnpm: 'node_modules/pnpm/bin/pnpm.cjs',
  publint: 'node_modules/publint/src/cli.js',
  tsc: 'node_modules/typescript/bin/tsc',
  turbo: 'node_modules/turbo/bin/turbo',
  vitest: 'node_modules/vitest/vitest.mjs',
};

/** A program that ended badly. Its output, if it was captured, is in `output`. */
export class RunError extends Error {
  /**
   * @param {string} what
   * @param {number} exitCode
   * @param {string} output
   */
  constructor(what, exitCode, output) {
    super(`${what} failed (exit code ${exitCode})`);
    this.exitCode = exitCode;
    this.output = output;
  }
}

/**
 * Runs a program in the repository's root with pnpm on its PATH (turbo looks for it there).
 * Resolves to its output (empty if it was shown); throws RunError when it ends badly.
 * @param {string} command
 * @param {string[]} args
 * @param {{ show?: boolean, folder?: string, env?: Record<string, string>, shell?: boolean }} [options]
 *   show: let it write to the terminal instead of capturing its output
 * @returns {Promise<string>}
 */
export function run(command, args, options = {}) {
  const { show = false, folder = root, env = {}, shell = false } = options;
  const what = [command === process.execPath ? 'node' : command, ...args].join(' ');
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: folder,
      shell,
      stdio: show ? 'inherit' : ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        TURBO_TELEMETRY_DISABLED: '1',
        PATH: bin + delimiter + (process.env.PATH ?? ''),
        ...env,
      },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8');
      stream?.on('data', (text) => {
        output += text;
      });
    }
    child.on('error', reject);
    child.on('close', (code, signal) => {
      // A shell's convention: 128 + the signal's number; here only an interrupt is told apart.
      const exitCode = code ?? (signal === 'SIGINT' ? 130 : 1);
      if (exitCode === 0) resolve(output);
      else reject(new RunError(what, exitCode, output));
    });
  });
}

/**
 * Runs one of the tools by Node.
 * @param {keyof typeof tools} tool
 * @param {string[]} args
 * @param {Parameters<typeof run>[2]} [options]
 */
export function runTool(tool, args, options) {
  return run(process.execPath, [join(root, tools[tool]), ...args], options);
}

/** Installs the dependencies exactly as locked, by the pnpm that package.json pins. */
export async function install() {
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const args = ['install', '--frozen-lockfile', '--config.confirmModulesPurge=false'];
  if (packageManager === `pnpm@${installedPnpm()}`) return runTool('pnpm', args);
  const windows = process.platform === 'win32';
  return run(windows ? 'npx.cmd' : 'npx', ['-y', packageManager, ...args], { shell: windows });
}

function installedPnpm() {
  const file = join(root, 'node_modules', 'pnpm', 'package.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).version : undefined;
}

/**
 * Builds every package, or one and what it needs.
 * @param {string} [name]
 */
export function build(name) {
  const filter = name === undefined ? [] : [`--filter=${name}`];
  return runTool('turbo', ['run', 'build', '--output-logs=new-only', ...filter]);
}

/**
 * Runs one stage and writes one line on stderr for it, with its time. When the stage fails, the
 * output of the program that failed is shown in full before the error goes on.
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} work
 * @param {{ isBesideOthers?: boolean }} [options] its line then comes whole, once it has ended
 * @returns {Promise<T>}
 */
export async function stage(name, work, { isBesideOthers = false } = {}) {
  const start = performance.now();
  const begun = `${name}… `;
  if (!isBesideOthers) process.stderr.write(begun);
  const end = (/** @type {string} */ what) => {
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    process.stderr.write(`${isBesideOthers ? begun : ''}${what}${seconds} s\n`);
  };
  try {
    const result = await work();
    end('');
    return result;
  } catch (error) {
    end('failed after ');
    if (error instanceof RunError && error.output !== '') process.stderr.write(error.output);
    throw error;
  }
}
