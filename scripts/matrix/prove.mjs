// What every cell of the matrix does with what was installed.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RunError, run } from '../run.mjs';

/** @typedef {import('./managers.mjs').Launch} Launch */

/**
 * @typedef {object} Proof
 * @property {string} backend that trained
 * @property {string} isa its instruction set
 * @property {string} digest of the weights
 * @property {string} [note]
 */

const processor = '/proc/cpuinfo';
const hasAvx2 = existsSync(processor) && / avx2 /.test(readFileSync(processor, 'utf8'));

export const TRAIN = ['train', '--recipe', 'seed', '--epochs', '1', '--json'];

/** @param {string} folder in which bitgrad was installed */
export const scriptIn = (folder) => join(folder, 'node_modules', 'bitgrad', 'bin', 'bitgrad.js');

/**
 * Trains, verifies, and says by what and to which weights.
 * @param {Launch} launch
 * @param {string} folder in which bitgrad was installed
 * @param {object} [how]
 * @param {readonly string[]} [how.options] of training
 * @param {string} [how.model] where the model is written
 * @param {string} [how.backend] which must train
 * @param {Record<string, string>} [how.env]
 * @returns {Promise<Proof>}
 */
export async function prove(launch, folder, how = {}) {
  const { options = [], model = join(folder, 'm.safetensors'), backend = 'native', env } = how;
  const { command, args, script = scriptIn(folder) } = launch;
  const bitgrad = (/** @type {readonly string[]} */ ...words) =>
    run(command, [...args, script, ...words], { folder, env: { BITGRAD_REQUIRE: '', ...env } });
  const proof = proofIn(await bitgrad(...TRAIN, '--out', model, ...options));
  await bitgrad('verify', model);
  if (proof.backend === backend) return proof;
  throw new RunError(`expected ${backend}, received ${proof.backend}`, 1, await bitgrad('doctor'));
}

/**
 * Reads what training printed, on stdout and stderr: its events, and what it had to say besides.
 * @param {string} output
 * @returns {Proof}
 */
export function proofIn(output) {
  const lines = output.trim().split('\n');
  const events = lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
  const said = lines.filter((line) => !line.startsWith('{')).join(' ');
  const { backend, isa } = events[0];
  if (isa === 'sse2' && hasAvx2) throw new Error('expected the kernels for AVX2 or AVX-512');
  const proof = { backend, isa, digest: events.at(-1).weightsSha256 };
  return said === '' ? proof : { ...proof, note: said };
}
