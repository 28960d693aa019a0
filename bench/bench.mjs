// `pnpm bench`: Bitgrad beside its peers, in one paired run; see docs/performance.md.
//
//   pnpm bench --install            brings the peers into bench/.peers/
//   pnpm bench                      everything that is here; about half an hour
//   pnpm bench --quick --only W1    a first look

import { accessSync, constants, renameSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { describeMachine } from './driver/machine.mjs';
import { measureGroup } from './driver/measure.mjs';
import {
  higherBandwidths,
  higherPeaks,
  measureBandwidths,
  measurePeaks,
} from './driver/roofline.mjs';
import { FAMILIES, findPythons, listSides } from './driver/sides.mjs';
import { installPeers } from './install.mjs';
import { writeMaterial } from './material.mjs';
import { machineLines, tables } from './report/tables.mjs';
import { renderText } from './report/text.mjs';
import { GROUPS } from './workloads.mjs';

const USAGE = `pnpm bench [options]

  --install          brings the peers into bench/.peers/, and ends
  --only NAMES       of ${GROUPS.map(({ name }) => name).join(', ')}
  --sides NAMES      of ${FAMILIES.join(', ')}
  --rounds N         how often each side is measured (7)
  --quick            3 short rounds
  --python FILE      an interpreter with PyTorch and NumPy, instead of what --install brings
  --json FILE        writes the result
`;

/**
 * What a run found, as it is written.
 *
 * @typedef {object} Result
 * @property {string} date
 * @property {import('./driver/machine.mjs').Machine} machine
 * @property {number} rounds
 * @property {import('./driver/roofline.mjs').Peaks | null} peaks
 * @property {import('./driver/roofline.mjs').Bandwidths | null} [bandwidths]
 * @property {string[]} missing peers that were not there, or were left out, and why
 * @property {import('./driver/measure.mjs').TaskResult[]} tasks
 */

class UsageError extends Error {}

function readOptions() {
  const options = /** @type {const} */ ({
    install: { type: 'boolean' },
    only: { type: 'string' },
    sides: { type: 'string' },
    rounds: { type: 'string' },
    quick: { type: 'boolean' },
    python: { type: 'string' },
    json: { type: 'string' },
    help: { type: 'boolean' },
  });
  try {
    const { values } = parseArgs({
      options,
      args: process.argv.slice(2).filter((a) => a !== '--'),
    });
    const names = GROUPS.map(({ name }) => name);
    const groups = chosen('--only', values.only, names);
    const families = chosen('--sides', values.sides, FAMILIES);
    const rounds = Number(values.rounds ?? (values.quick ? 3 : 7));
    if (!Number.isSafeInteger(rounds) || rounds < 1) {
      throw new UsageError(
        `--rounds: expected an integer of at least 1, received ${values.rounds}`,
      );
    }
    return { ...values, groups, families, rounds, json: checkedFile(values.json) };
  } catch (error) {
    // parseArgs throws TypeErrors that explain themselves.
    throw error instanceof TypeError ? new UsageError(error.message) : error;
  }
}

/** Half an hour of measuring must not end in an error. @param {string | undefined} file */
function checkedFile(file) {
  if (file === undefined) return undefined;
  try {
    accessSync(dirname(resolve(file)), constants.W_OK);
  } catch {
    throw new UsageError(
      `--json: expected a file in a folder that can be written, received ${file}`,
    );
  }
  return resolve(file);
}

/**
 * @param {string} option
 * @param {string | undefined} text names with commas between
 * @param {readonly string[]} names
 */
function chosen(option, text, names) {
  if (text === undefined) return names;
  const wanted = text.split(',').map((name) => name.trim());
  for (const name of wanted) {
    if (names.includes(name)) continue;
    throw new UsageError(`${option}: expected names of ${names.join(', ')}, received ${name}`);
  }
  return wanted;
}

/**
 * @param {ReturnType<typeof readOptions>} options
 * @returns {Promise<Result>}
 */
async function measure({ groups, families, rounds, quick, python }) {
  const machine = describeMachine();
  for (const line of machineLines(machine)) process.stderr.write(`${line}\n`);
  const note = (/** @type {string} */ line) => process.stderr.write(`${line}\n`);
  const cores = cpus().length;
  const hasAvx512 = machine.isas.includes('avx512');
  const pythons = findPythons(python);
  const material = await writeMaterial();
  try {
    const limitsNow = () => ({
      peaks: measurePeaks(material.folder),
      bandwidths: measureBandwidths(material.folder),
    });
    const before = limitsNow();
    const missing = new Set();
    const tasks = [];
    for (const group of GROUPS) {
      if (!groups.includes(group.name)) continue;
      const [first] = /** @type {import('./driver/sides.mjs').AnyTask[]} */ (group.tasks);
      if (first === undefined) continue;
      const listed = listSides(first, { cores, hasAvx512, families, pythons });
      const seconds = quick ? 0.1 : 0.3;
      const options = { rounds, seconds, material: material.folder, note };
      const { results, left } = await measureGroup(group, listed.sides, options);
      tasks.push(...results);
      for (const line of [...listed.missing, ...left]) missing.add(line);
    }
    const date = new Date().toISOString().slice(0, 10);
    const after = limitsNow();
    const peaks = higherPeaks(before.peaks, after.peaks);
    const bandwidths = higherBandwidths(before.bandwidths, after.bandwidths);
    return { date, machine, rounds, peaks, bandwidths, missing: [...missing], tasks };
  } finally {
    material.remove();
  }
}

try {
  const options = readOptions();
  if (options.help) process.stdout.write(USAGE);
  else if (options.install) await installPeers();
  else {
    const result = await measure(options);
    process.stdout.write(`\n${renderText(tables(result))}`);
    for (const line of result.missing) process.stdout.write(`left out: ${line}\n`);
    if (options.json !== undefined) {
      writeFileSync(`${options.json}.part`, `${JSON.stringify(result, null, 1)}\n`);
      renameSync(`${options.json}.part`, options.json);
    }
  }
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`error: ${error.message}\n`);
  process.exitCode = 2;
}
