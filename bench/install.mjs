// Brings the peers into bench/.peers/ (git-ignored). None of them is a dependency of Bitgrad.

import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RunError, run, stage } from '../scripts/run.mjs';
import { peersFolder } from './sides/peers.mjs';

const PACKAGES = [
  '@jax-js/jax@0.1.25',
  '@tensorflow/tfjs@4.22.0',
  '@tensorflow/tfjs-backend-wasm@4.22.0',
  'brain.js@2.0.0-beta.24',
  'onnxruntime-node@1.30.0',
];
const isWindows = process.platform === 'win32';

/** Installs what can be had; a line on stderr says what could not. */
export async function installPeers() {
  mkdirSync(peersFolder, { recursive: true });
  writeFileSync(join(peersFolder, 'package.json'), '{"private":true}\n');
  await attempt('npm packages', installPackages);
  await attempt('PyTorch and NumPy (pip)', installPython);
}

/** Without install scripts: none of these needs one. */
async function installPackages() {
  const flags = ['--no-save', '--no-package-lock', '--no-audit', '--no-fund', '--ignore-scripts'];
  const args = ['install', '--prefix', peersFolder, ...flags, ...PACKAGES];
  await run(isWindows ? 'npm.cmd' : 'npm', args, { shell: isWindows });
}

/**
 * The newest of each. On Linux, PyPI's PyTorch comes with several gigabytes for GPUs;
 * PIP_EXTRA_INDEX_URL=https://download.pytorch.org/whl/cpu brings the small build where that index
 * can be reached.
 */
async function installPython() {
  const environment = join(peersFolder, 'python');
  const python = ['python3', 'python'].find(
    (command) => spawnSync(command, ['--version']).status === 0,
  );
  if (python === undefined) throw new RunError('looking for python3', 1, 'there is none\n');
  await run(python, ['-m', 'venv', environment]);
  const own = join(environment, isWindows ? 'Scripts/python.exe' : 'bin/python');
  await run(own, ['-m', 'pip', 'install', '--quiet', '--upgrade', 'torch', 'numpy']);
}

/**
 * @param {string} name
 * @param {() => Promise<void>} work
 */
async function attempt(name, work) {
  try {
    await stage(name, work);
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
    process.exitCode = 1;
  }
}
