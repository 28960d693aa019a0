// Proves that exp, log and tanh are correctly rounded for all 2^32 inputs, and that the TypeScript and the
// C++ functions agree to the bit. RESULT.md says how it works and holds the result of the last full run.

import { execFile, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';

const USAGE = `Usage: pnpm prove [--function exp|log|tanh|sigmoid] [--range A/B] [--quick]

  --function   check one function (sigmoid has no proof of its own; it is only compared)
  --range 2/8  check the second of eight parts
  --quick      check a sample of about a million inputs of each function, in seconds
  --dist DIR   where the built math modules are (default: packages/core-ts/dist/math)
`;

/** The inputs are cut into units of 2^23: same sign and exponent, or for log the same 2^14 fractions. */
const UNITS = 512;
const UNIT_SIZE = 2 ** 23;
const QUICK_STRIDE = 4099;
const FUNCTIONS = ['exp', 'log', 'tanh', 'sigmoid'];

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}

function readOptions() {
  let values;
  try {
    ({ values } = parseArgs({
      options: {
        function: { type: 'string' },
        range: { type: 'string', default: '1/1' },
        quick: { type: 'boolean', default: false },
        dist: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    }));
  } catch (error) {
    fail(`${error.message}\n${USAGE}`);
  }
  if (values.help) {
    process.stdout.write(USAGE);
    process.exit(0);
  }
  if (values.function !== undefined && !FUNCTIONS.includes(values.function)) {
    fail(`There is no function "${values.function}".\n${USAGE}`);
  }
  const [part = 0, parts = 0] = (/^\d+\/\d+$/.exec(values.range)?.[0] ?? '').split('/').map(Number);
  if (part < 1 || part > parts || parts > UNITS) {
    fail(`The range must be A/B with 1 <= A <= B <= ${UNITS}.`);
  }
  return {
    names: values.function === undefined ? FUNCTIONS : [values.function],
    first: Math.floor(((part - 1) * UNITS) / parts),
    end: Math.floor((part * UNITS) / parts),
    stride: values.quick ? QUICK_STRIDE : 1,
    dist:
      values.dist ?? fileURLToPath(new URL('../../packages/core-ts/dist/math', import.meta.url)),
  };
}

function compile(folder) {
  const prover = join(folder, 'prover');
  const source = fileURLToPath(new URL('prover.cpp', import.meta.url));
  const flags = ['-std=c++20', '-O2', '-ffp-contract=off', '-Wall', '-Wextra'];
  const compiler = process.env.CXX ?? 'g++';
  const done = spawnSync(compiler, [...flags, source, '-o', prover, '-lmpfr', '-lgmp'], {
    encoding: 'utf8',
  });
  if (done.status !== 0) {
    fail(
      `${done.stderr ?? ''}The proof needs ${compiler} and MPFR (on Debian: apt-get install g++ libmpfr-dev).`,
    );
  }
  return prover;
}

/** Runs `work` on every chunk of units, one chunk per core at a time, and tells how far it is. */
async function inParallel(label, { first, end, stride }, chunkSize, work) {
  const size = stride === 1 ? chunkSize : 64;
  const chunks = [];
  for (let unit = first; unit < end; unit += size) {
    chunks.push({ unit, count: Math.min(size, end - unit) });
  }
  let done = 0;
  let next = 0;
  let told = Date.now();
  const lane = async (index) => {
    while (next < chunks.length) {
      await work(chunks[next++], index);
      done++;
      if (Date.now() - told > 10_000) {
        told = Date.now();
        process.stderr.write(`${label}: ${Math.floor((100 * done) / chunks.length)} %\n`);
      }
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, (_, index) => lane(index)));
}

/** Compares the C++ function with the true values. */
async function proveFunction(prover, name, options) {
  const result = { inputs: 0, judged: 0, mismatches: 0, examples: [] };
  await inParallel(`${name}, proof`, options, 4, async ({ unit, count }) => {
    const text = await new Promise((resolve, reject) => {
      const words = ['check', name, unit, count, options.stride].map(String);
      execFile(prover, words, (error, stdout) => (error ? reject(error) : resolve(stdout)));
    });
    const summary = /^checked (\d+) judged (\d+) mismatches (\d+)$/m.exec(text);
    result.inputs += Number(summary[1]);
    result.judged += Number(summary[2]);
    result.mismatches += Number(summary[3]);
    for (const [, input, actual, expected] of text.matchAll(/^mismatch (\w+) (\w+) (\w+)$/gm)) {
      result.examples.push(`${name}(0x${input}) is 0x${actual}, and should be 0x${expected}`);
    }
  });
  return result;
}

/** Compares the TypeScript function with the C++ one. */
async function compareFunction(prover, name, options) {
  const result = { inputs: 0, mismatches: 0, examples: [] };
  const workers = [];
  await inParallel(`${name}, TypeScript`, options, 1, async (chunk, index) => {
    workers[index] ??= new Worker(new URL('compare.mjs', import.meta.url));
    const worker = workers[index];
    worker.postMessage({ ...chunk, prover, name, dist: options.dist, stride: options.stride });
    const [answer] = await once(worker, 'message');
    result.inputs += answer.inputs;
    result.mismatches += answer.mismatches;
    for (const { input, cpp, ts } of answer.examples) {
      result.examples.push(`${name}(0x${input}) is 0x${cpp} in C++ and 0x${ts} in TypeScript`);
    }
  });
  await Promise.all(workers.map((worker) => worker.terminate()));
  return result;
}

async function timed(title, options, work) {
  const start = Date.now();
  const result = await work();
  const seconds = ((Date.now() - start) / 1000).toFixed(1);
  const wanted = (options.end - options.first) * UNIT_SIZE;
  const complete = options.stride > 1 ? result.inputs > 0 : result.inputs === wanted;
  const judged =
    result.judged === undefined ? '' : `, ${result.judged.toLocaleString('en')} decided by MPFR`;
  process.stdout.write(
    `${title}: ${result.inputs.toLocaleString('en')} inputs, ` +
      `${result.mismatches.toLocaleString('en')} mismatches${judged}, ${seconds} s\n`,
  );
  for (const example of result.examples.slice(0, 10)) process.stdout.write(`  ${example}\n`);
  if (!complete) process.stdout.write('  Not all inputs were checked.\n');
  return complete && result.mismatches === 0;
}

const options = readOptions();
if (!existsSync(join(options.dist, 'exp.js'))) {
  fail('The TypeScript functions are not built yet: run "pnpm build" first.');
}
const folder = mkdtempSync(join(tmpdir(), 'bitgrad-prove-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const prover = compile(folder);
process.stdout.write(
  `${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} cores\n`,
);
let fine = true;
for (const name of options.names) {
  if (name !== 'sigmoid') {
    const title = `${name}, C++ against the true values`;
    fine = (await timed(title, options, () => proveFunction(prover, name, options))) && fine;
  }
  const title = `${name}, TypeScript against C++`;
  fine = (await timed(title, options, () => compareFunction(prover, name, options))) && fine;
}
process.stdout.write(fine ? 'All fine.\n' : 'There are mismatches.\n');
process.exitCode = fine ? 0 : 1;
