// The most that one core can do, by small C++ programs, where there is a compiler.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * GFLOP/s of one core by instruction set: `separate` with products and sums that each round,
 * `fused` with fused ones.
 *
 * @typedef {Record<string, { separate: number, fused?: number }>} Peaks
 */

/**
 * The greater of two measurements: a neighbour can only hold one back.
 *
 * @param {Peaks | null} one
 * @param {Peaks | null} other of the same machine
 * @returns {Peaks | null}
 */
export function higherPeaks(one, other) {
  if (one === null || other === null) return one ?? other;
  const entries = Object.entries(one).map(([isa, { separate, fused }]) => {
    const second = other[isa] ?? { separate };
    const peak = { separate: Math.max(separate, second.separate) };
    if (fused === undefined) return [isa, peak];
    return [isa, { ...peak, fused: Math.max(fused, second.fused ?? 0) }];
  });
  return Object.fromEntries(entries);
}

/**
 * How fast one core reads: bytes, fewest first, and GB/s.
 *
 * @typedef {[number, number][]} Bandwidths
 */

/**
 * @param {Bandwidths | null} one
 * @param {Bandwidths | null} other of the same machine
 * @returns {Bandwidths | null}
 */
export function higherBandwidths(one, other) {
  if (one === null || other === null) return one ?? other;
  return one.map(([bytes, rate], at) => [bytes, Math.max(rate, other[at]?.[1] ?? 0)]);
}

/**
 * @param {string} folder for the program
 * @returns {Peaks | null} null where no compiler is found
 */
export const measurePeaks = (folder) => compileAndRun('peaks', folder);

/**
 * @param {string} folder for the program
 * @returns {Bandwidths | null} null where no compiler is found
 */
export const measureBandwidths = (folder) => compileAndRun('bandwidth', folder);

/**
 * What a program prints.
 *
 * @param {string} name
 * @param {string} folder
 */
function compileAndRun(name, folder) {
  const source = fileURLToPath(new URL(`../roofline/${name}.cc`, import.meta.url));
  const program = join(folder, name);
  const flags = ['-std=c++20', '-O3', '-ffp-contract=off', source, '-o', program];
  for (const compiler of [process.env.CXX, 'c++', 'g++', 'clang++']) {
    if (!compiler || spawnSync(compiler, flags).status !== 0) continue;
    const { status, stdout } = spawnSync(program, { encoding: 'utf8' });
    return status === 0 ? JSON.parse(stdout) : null;
  }
  return null;
}
