// What sweeps cost beside their trainings, and what verifying in stretches gains, on this machine:
//
//   node scripts/sweep-times.mjs [--trials 20] [--only verify|sweep]
//
// A training of 50 epochs, about a minute of one thread, is verified in one piece and in stretches. Trials
// take at least 5 s each, on one thread; overhead is what the whole takes longer than the sum of the trials,
// shared by as many as train at once. Processor times (Linux) are of all processes of a command, of a
// queue's workers too, and say more where others use the machine. Build first; nothing else should run. It
// takes about ten minutes. The queue is left out where there is no redis-server.

import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { startRedis } from './redis.mjs';
import { reasonMissing } from './require.mjs';
import { root } from './run.mjs';

const { values: options } = parseArgs({
  options: { trials: { type: 'string', default: '20' }, only: { type: 'string' } },
});
const executable = join(root, 'packages', 'cli', 'bin', 'bitgrad.js');
const trials = Number(options.trials);
const [LEAST, EPOCHS, LAYERS] = [5, 50, '784,512,256,10'];
const folder = mkdtempSync(join(tmpdir(), 'bitgrad-times-'));

/** Clock ticks a second of Linux's /proc. */
const TICKS = 100;

/** Seconds of processor that this process's children took that have ended, and theirs. */
function childSeconds() {
  try {
    const [, fields = ''] = readFileSync('/proc/self/stat', 'utf8').split(') ');
    const [user, system] = fields.split(' ').slice(13, 15).map(Number);
    return ((user ?? Number.NaN) + (system ?? Number.NaN)) / TICKS;
  } catch {
    return Number.NaN;
  }
}

/**
 * @param {string[]} words
 * @returns {Promise<{ seconds: number, processor: number, events: any[] }>}
 */
function time(words) {
  const before = childSeconds();
  const begun = performance.now();
  const child = spawn(process.execPath, [executable, ...words, '--json'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  /** @type {any[]} */
  const events = [];
  createInterface({ input: child.stdout }).on('line', (line) => events.push(JSON.parse(line)));
  return new Promise((resolve, reject) => {
    child.on('close', (code) => {
      const seconds = (performance.now() - begun) / 1000;
      if (code === 0) resolve({ seconds, processor: childSeconds() - before, events });
      else reject(new Error(`bitgrad ${words.join(' ')}: exit code ${code}`));
    });
  });
}

/** @param {number} seconds */
const inSeconds = (seconds) => `${seconds.toFixed(2)} s`;

const train = ['train', '--recipe', 'mnist', '--layers', LAYERS, '--threads', '1'];

async function verifications() {
  mkdirSync(join(folder, 'kept'));
  const kept = ['--checkpoint', 'kept/{epoch}.checkpoint', '--epochs', String(EPOCHS)];
  const training = await time([...train, ...kept, '--out', 'm.safetensors']);
  console.log(
    `train ${LAYERS}, ${EPOCHS} epochs, one thread: ${inSeconds(training.seconds)}, of processor ${inSeconds(training.processor)}`,
  );
  const whole = await time(['verify', 'm.safetensors', '--threads', '1']);
  console.log(
    `verify, one thread: ${inSeconds(whole.seconds)}, of processor ${inSeconds(whole.processor)}`,
  );
  for (const jobs of [1, 2, 4]) {
    const words = ['verify', 'm.safetensors', '--from', 'kept', '--jobs', String(jobs)];
    const parts = await time([...words, '--threads', '1']);
    const gain = (training.seconds / parts.seconds).toFixed(2);
    const more = (100 * (parts.processor / training.processor - 1)).toFixed(1);
    const same = JSON.stringify(parts.events.at(-1)) === JSON.stringify(whole.events.at(-1));
    console.log(
      `verify, ${jobs} jobs: ${inSeconds(parts.seconds)}, ${gain} times as fast as the training; of processor ${inSeconds(parts.processor)}, ${more} % more than it; ${same ? 'the same verdict' : 'ANOTHER VERDICT'}`,
    );
  }
}

/** What the first sweep wrote. */
let receipts = '';

/**
 * @param {string} name
 * @param {number} jobs
 * @param {string[]} words
 */
async function sweep(name, jobs, words) {
  const out = name.replaceAll(' ', '-');
  const { seconds, processor, events } = await time(['sweep', 'plan.yaml', '--out', out, ...words]);
  const own = events
    .filter(({ event }) => event === 'trial')
    .reduce((sum, trial) => sum + trial.seconds, 0);
  const overhead = (100 * (seconds * jobs - own)) / own;
  const found = readFileSync(join(folder, out, 'receipts.jsonl'), 'utf8');
  receipts ||= found;
  console.log(
    `${name}: ${trials} trials of ${inSeconds(own / trials)}, ${inSeconds(seconds)} in all, overhead ${overhead.toFixed(1)} %; of processor ${inSeconds(processor)}; ${found === receipts ? 'the same receipts' : 'OTHER RECEIPTS'}`,
  );
}

async function sweeps() {
  // As many epochs as make a trial long enough, with some to spare.
  const { events } = await time([...train, '--epochs', '3', '--out', 'short.safetensors']);
  const ran = events.filter(({ event }) => event === 'epoch');
  const epoch = Math.min(...ran.map(({ seconds }) => seconds));
  const epochs = Math.ceil((1.1 * LEAST) / epoch);
  writeFileSync(
    join(folder, 'plan.yaml'),
    `recipe: mnist\nlayers: ${LAYERS}\nepochs: ${epochs}\nseeds: ${trials}\n`,
  );
  for (const jobs of [1, 2]) {
    await sweep(`sweep ${jobs} jobs`, jobs, ['--jobs', String(jobs), '--threads', '1']);
  }
  if (reasonMissing('redis') !== null) return;
  const redis = await startRedis();
  const words = ['worker', '--queue', redis.url, '--jobs', '1', '--threads', '1', '--json'];
  const workers = [1, 2].map(() =>
    spawn(process.execPath, [executable, ...words], { stdio: ['ignore', 'pipe', 'inherit'] }),
  );
  // They stand ready on other machines, too.
  await Promise.all(
    workers.map(({ stdout }) => new Promise((resolve) => stdout.once('data', resolve))),
  );
  const before = childSeconds();
  await sweep('sweep by a queue with 2 workers', 2, ['--queue', redis.url]);
  const ended = workers.map((worker) => new Promise((resolve) => worker.once('close', resolve)));
  for (const worker of workers) worker.kill();
  await Promise.all(ended);
  console.log(`sweep and workers: of processor ${inSeconds(childSeconds() - before)}`);
  await redis.stop();
}

try {
  if (options.only !== 'sweep') await verifications();
  if (options.only !== 'verify') await sweeps();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
