// What sweeps cost beside their trainings, and what verifying in stretches gains, on this machine:
//
//   node scripts/sweep-times.mjs [trials, 20 if left out]
//
// Trials take at least 5 s each, on one thread; overhead is what the whole takes longer than the sum of
// the trials, shared by as many as train at once. Build first; nothing else should run. It takes about ten
// minutes. The queue is left out where there is no redis-server.

import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { startRedis } from './redis.mjs';
import { reasonMissing } from './require.mjs';
import { root } from './run.mjs';

const executable = join(root, 'packages', 'cli', 'bin', 'bitgrad.js');
const trials = Number(process.argv[2] ?? 20);
const [LEAST, EPOCHS] = [5, 50];
const folder = mkdtempSync(join(tmpdir(), 'bitgrad-times-'));

/**
 * @param {string[]} words
 * @returns {Promise<{ seconds: number, events: any[] }>}
 */
function time(words) {
  const begun = performance.now();
  const child = spawn(process.execPath, [executable, ...words, '--json'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  /** @type {any[]} */
  const events = [];
  createInterface({ input: child.stdout }).on('line', (line) => events.push(JSON.parse(line)));
  return new Promise((resolve, reject) => {
    child.on('close', (code) => {
      const seconds = (performance.now() - begun) / 1000;
      if (code === 0) resolve({ seconds, events });
      else reject(new Error(`bitgrad ${words.join(' ')}: exit code ${code}`));
    });
  });
}

/**
 * @param {string} name
 * @param {number} jobs
 * @param {string[]} words
 */
async function sweep(name, jobs, words) {
  const out = name.replaceAll(' ', '-');
  const { seconds, events } = await time(['sweep', 'plan.yaml', '--out', out, ...words]);
  const own = events
    .filter(({ event }) => event === 'trial')
    .reduce((sum, trial) => sum + trial.seconds, 0);
  const overhead = (100 * (seconds * jobs - own)) / own;
  console.log(
    `${name}: ${trials} trials of ${(own / trials).toFixed(2)} s, ${seconds.toFixed(2)} s in all, overhead ${overhead.toFixed(1)} %`,
  );
}

const train = ['train', '--recipe', 'mnist', '--layers', '784,128,10', '--threads', '1'];
try {
  mkdirSync(join(folder, 'kept'));
  const kept = ['--checkpoint', 'kept/{epoch}.checkpoint', '--epochs', String(EPOCHS)];
  const { events } = await time([...train, ...kept, '--out', 'm.safetensors']);
  const whole = await time(['verify', 'm.safetensors', '--threads', '1']);
  console.log(`verify, ${EPOCHS} epochs, one thread: ${whole.seconds.toFixed(2)} s`);
  for (const jobs of [1, 2, 4]) {
    const words = ['verify', 'm.safetensors', '--from', 'kept', '--jobs', String(jobs)];
    const parts = await time([...words, '--threads', '1']);
    const gain = whole.seconds / parts.seconds;
    const same = JSON.stringify(parts.events.at(-1)) === JSON.stringify(whole.events.at(-1));
    console.log(
      `verify, ${jobs} jobs: ${parts.seconds.toFixed(2)} s, ${gain.toFixed(2)} times as fast, ${same ? 'the same verdict' : 'ANOTHER VERDICT'}`,
    );
  }

  // As many epochs as make a trial long enough, with some to spare.
  const ran = events.filter(({ event }) => event === 'epoch');
  const epoch = ran.reduce((sum, { seconds }) => sum + seconds, 0) / ran.length;
  const epochs = Math.ceil((1.2 * LEAST) / epoch);
  writeFileSync(
    join(folder, 'plan.yaml'),
    `recipe: mnist\nlayers: 784,128,10\nepochs: ${epochs}\nseeds: ${trials}\n`,
  );
  for (const jobs of [1, 2]) {
    await sweep(`sweep ${jobs} jobs`, jobs, ['--jobs', String(jobs), '--threads', '1']);
  }
  if (reasonMissing('redis') === null) {
    const redis = await startRedis();
    const words = ['worker', '--queue', redis.url, '--jobs', '1', '--threads', '1'];
    const workers = [1, 2].map(() =>
      spawn(process.execPath, [executable, ...words], { stdio: 'ignore' }),
    );
    await sweep('sweep by a queue with 2 workers', 2, ['--queue', redis.url]);
    for (const worker of workers) worker.kill();
    await redis.stop();
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
