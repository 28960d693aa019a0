// What ranks of one machine take of its memory: the sum of their proportional set sizes (memory that N
// processes share counts for 1 ÷ N in each), while they train 784-32-10 on MNIST:
//
//   node packages/mpi/bench/memory.mjs [--launcher mpich] [--backends native,ts,wasm]

import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ENVIRONMENT, LAUNCHERS } from '../test/launchers.mjs';

const executable = fileURLToPath(new URL('../../cli/bin/bitgrad.js', import.meta.url));
const { values } = parseArgs({
  options: {
    launcher: { type: 'string', default: 'openmpi' },
    backends: { type: 'string', default: 'native,wasm' },
  },
});
const [command = '', ...more] = LAUNCHERS[/** @type {keyof typeof LAUNCHERS} */ (values.launcher)];
const folder = mkdtempSync(join(tmpdir(), 'bitgrad-memory-'));

/** MiB of each rank of the job, by what the kernel says of it. */
function sizes() {
  return readdirSync('/proc').flatMap((name) => {
    try {
      const variables = readFileSync(`/proc/${name}/environ`, 'utf8').split('\0');
      if (!variables.includes(`BITGRAD_TEST_JOB=${folder}`)) return [];
      if (!readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(`${executable}\0train`))
        return [];
      if (readFileSync(`/proc/${name}/comm`, 'utf8').startsWith('mpi')) return [];
      if (readFileSync(`/proc/${name}/comm`, 'utf8').startsWith('hydra')) return [];
      const rollup = readFileSync(`/proc/${name}/smaps_rollup`, 'utf8');
      return [Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1]) / 1024];
    } catch {
      // It has ended meanwhile, or is none.
      return [];
    }
  });
}

/** @param {number} ranks @param {string} backend @returns {Promise<number>} MiB of all, once they train */
async function measure(ranks, backend) {
  const recipe = [
    '--layers',
    '784,32,10',
    '--epochs',
    '2',
    '--batch-size',
    '6000',
    '--shards',
    '4',
    '--backend',
    backend,
  ];
  const words = [executable, 'train', ...recipe, '--json', '--out', join(folder, 'model')];
  const child = spawn(command, [...more, '-n', `${ranks}`, process.execPath, ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...ENVIRONMENT, BITGRAD_TEST_JOB: folder },
  });
  let found = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    if (JSON.parse(line).event !== 'epoch') continue;
    const each = sizes();
    if (each.length === ranks) found = each.reduce((sum, size) => sum + size, 0);
  }
  return found;
}

try {
  console.log(`${values.launcher}: MiB of all ranks together`);
  for (const backend of values.backends.split(',')) {
    const row = [];
    for (const ranks of [2, 4])
      row.push(`${ranks} ranks ${(await measure(ranks, backend)).toFixed(0)}`);
    console.log(`${backend.padEnd(8)}${row.join('   ')}`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
