// Gives every reader many inputs that are nearly right:
//
//   node tools/fuzz/fuzz.mjs [READER…] [--inputs N] [--seconds N] [--seed N] [--only INDEX | --guided]
//
// Each input must be read, or be refused with one clear error, within five seconds. What is not is kept
// in runs/fuzz, and the exit code is 1. Guided, inputs that come across code as none did before are changed further.

import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { READERS } from './readers.mjs';

/**
 * An input that takes longer hangs: of the processor, in milliseconds, which a busy machine does not change; and in
 * all, where nothing is computed.
 */
const LONGEST = 5000;
const LONGEST_WAIT = 120_000;
/** Files of inputs are written, read and removed at once: in memory where the system has such a folder. */
const MEMORY = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
const kept = fileURLToPath(new URL('../../runs/fuzz/', import.meta.url));

/**
 * Gives a reader inputs until there are as many, or time is up.
 *
 * @param {string} reader
 * @param {{ inputs: number, seconds: number, seed: number, first?: number, at?: string, isGuided?: boolean }} limits
 * `at`: a file that holds the number of the input that is read, and stays where one ends the process
 * @returns {Promise<{ reader: string, inputs: number, read: number, refused: number, slowest: number, ways: number, failures: string[] }>}
 */
export async function fuzz(reader, { inputs, seconds, seed, first = 0, at, isGuided = false }) {
  const folder = mkdtempSync(join(MEMORY, 'bitgrad-fuzz-'));
  const total = { reader, inputs: 0, read: 0, refused: 0, slowest: 0, ways: 0, failures: [] };
  const deadline = performance.now() + 1000 * seconds;
  try {
    for (let next = first; next < first + inputs && performance.now() < deadline; ) {
      const job = {
        reader,
        seed,
        first: next,
        end: first + inputs,
        deadline,
        folder,
        at,
        isGuided,
        current: join(folder, 'current'),
      };
      next = await runWorker(job, total);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
    if (at !== undefined) rmSync(at, { force: true });
  }
  return total;
}

/** Runs a worker to its end, or to an input that kills it. @returns the input to go on from */
async function runWorker({ deadline, ...job }, total) {
  const shared = new Int32Array(new SharedArrayBuffer(8)).fill(-1);
  const workerData = { ...job, shared, seconds: (deadline - performance.now()) / 1000 };
  const worker = new Worker(new URL('worker.mjs', import.meta.url), {
    workerData,
    resourceLimits: { maxOldGenerationSizeMb: 1024, maxYoungGenerationSizeMb: 64 },
    stdout: true,
  });
  let [at, since, cpu, next] = [-1, performance.now(), process.cpuUsage(), job.end];
  const fail = (index, why) => {
    const name = `${job.reader}-${job.seed}-${index}`;
    // What killed its thread lies where it was put before.
    if (job.isGuided && !existsSync(join(kept, name))) cpSync(job.current, join(kept, name));
    const again = `--seed ${job.seed} --only ${index}`;
    total.failures.push(`${job.reader} ${job.isGuided ? `runs/fuzz/${name}` : again}: ${why}`);
  };
  const watch = setInterval(() => {
    const current = Atomics.load(shared, 0);
    if (current !== at) {
      [at, since, cpu] = [current, performance.now(), process.cpuUsage()];
      return;
    }
    const { user, system } = process.cpuUsage(cpu);
    const isLong = (user + system) / 1000 > LONGEST || performance.now() - since > LONGEST_WAIT;
    // Before the first one, modules are loaded.
    if (isLong && at >= 0) worker.terminate();
  }, 250);
  await new Promise((resolve) => {
    worker.on('message', ({ failure, summary }) => {
      if (failure) fail(failure.index, failure.why);
      if (summary === undefined) return;
      for (const key of ['inputs', 'read', 'refused']) total[key] += summary[key];
      total.ways = Math.max(total.ways, summary.ways);
      total.slowest = Math.max(total.slowest, summary.slowest);
      next = summary.next;
    });
    worker.on('error', (error) => {
      fail(Atomics.load(shared, 0), `kills its thread: ${error.message}`);
      next = Atomics.load(shared, 0) + 1;
    });
    worker.on('exit', (code) => {
      if (code !== 0 && next === job.end) {
        fail(Atomics.load(shared, 0), `takes more than ${LONGEST / 1000} s`);
        next = Atomics.load(shared, 0) + 1;
      }
      resolve();
    });
  });
  clearInterval(watch);
  return next;
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      inputs: { type: 'string', default: '10000' },
      seconds: { type: 'string', default: 'Infinity' },
      seed: { type: 'string', default: '1' },
      only: { type: 'string' },
      guided: { type: 'boolean', default: false },
    },
  });
  const names = positionals.length > 0 ? positionals : Object.keys(READERS);
  const unknown = names.find((name) => !Object.hasOwn(READERS, name));
  if (unknown !== undefined) {
    console.error(`error: expected ${Object.keys(READERS).join(', ')}, received ${unknown}`);
    process.exit(2);
  }
  mkdirSync(kept, { recursive: true });
  const limits = {
    inputs: values.only === undefined ? Number(values.inputs) : 1,
    seconds: Number(values.seconds),
    seed: Number(values.seed),
    first: Number(values.only ?? 0),
    isGuided: values.guided,
  };
  for (const name of names) {
    const at = join(kept, `${name}-${limits.seed}.at`);
    if (existsSync(at)) {
      console.error(
        `${name}: the last run with --seed ${limits.seed} ended while it read --only ${Number(readFileSync(at, 'utf8'))}`,
      );
    }
    const { failures, inputs, read, refused, slowest, ways } = await fuzz(name, { ...limits, at });
    console.log(
      `${name.padEnd(12)} ${inputs} inputs: ${read} read, ${refused} refused, slowest ${slowest.toFixed(0)} ms, ${values.guided ? `${ways} ways through functions, ` : ''}${failures.length} failures`,
    );
    for (const failure of failures.slice(0, 20)) console.log(`  ${failure}`);
    if (failures.length > 0) process.exitCode = 1;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
