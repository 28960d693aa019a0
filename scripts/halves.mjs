// The kernels for AVX-512 on a machine that has only AVX2: builds them with each vector of 64 bytes as
// two halves, and runs the conformance suite on them. Tiles and lanes are those of AVX-512; its
// instructions are not.
//
//   node scripts/halves.mjs

import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { reasonMissing } from './require.mjs';
import { RunError, root, run, stage } from './run.mjs';

const build = join(root, 'packages', 'core-native', 'build');
const check = join(root, 'packages', 'conformance', 'dist', 'native-check.js');

/** Whether this machine can build and run them. */
export function hasHalves() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return false;
  return reasonMissing('native') === null && /\bavx2\b/.test(readFileSync('/proc/cpuinfo', 'utf8'));
}

/** Builds them and runs the suite on them. Throws RunError when anything fails. */
export async function checkHalves() {
  const folder = join(build, 'halves');
  const release = join(folder, 'build', 'Release');
  await stage('the kernels for AVX-512, in halves', async () => {
    await run('cmake', ['--build', build, '--target', 'halves', 'float_environment']);
    mkdirSync(release, { recursive: true });
    cpSync(join(build, '..', 'dist'), join(folder, 'dist'), { recursive: true });
    cpSync(join(build, 'Release', 'halves.node'), join(release, 'bitgrad.node'));
    cpSync(
      join(build, 'Release', 'float_environment.node'),
      join(release, 'float_environment.node'),
    );
  });
  const line = await stage('conformance on them', () => run(process.execPath, [check, folder]));
  console.error(`  ${line.trim()}`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    await checkHalves();
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
    process.exitCode = error.exitCode;
  }
}
