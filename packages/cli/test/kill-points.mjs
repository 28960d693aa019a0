// Kills trainings with SIGKILL at random moments and resumes them, again and again:
//
//   node packages/cli/test/kill-points.mjs [COUNT] [BACKEND]
//
// After every kill, the checkpoint and the model must be whole or not be there; every training that
// comes to its end must have the digest of one that was never killed.

import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { decodeCheckpoint, decodeModel } from '@bitgrad/core';

const executable = fileURLToPath(new URL('../bin/bitgrad.js', import.meta.url));
const DATA = 'points.csv';
const CHECKPOINT = 'run.checkpoint';
const MODEL = 'model.safetensors';
/** Everything that has to be remembered: velocities, dropout's place, the best weights. */
const RECIPE =
  `--data ${DATA} --layers 2,16,3 --epochs 60 --batch-size 8 --lr 0.02 --optimizer nesterov
  --dropout 0.2 --split 0.8,0.1,0.1 --patience 1000 --warmup 20`.split(/\s+/);

/**
 * @param {number} count how many kills
 * @param {string} backend
 * @returns {Promise<{ kills: number, trainings: number, resumed: number, digest: string }>}
 * @throws Error if a file is torn or a digest differs
 */
export async function killPoints(count, backend) {
  const folder = mkdtempSync(join(tmpdir(), 'bitgrad-kills-'));
  try {
    writeFileSync(join(folder, DATA), makeTable());
    const begun = performance.now();
    await runTraining(folder, backend, null);
    const duration = performance.now() - begun;
    const digest = await finishedDigest(folder);
    let [kills, trainings, resumed] = [0, 0, 0];
    // One training at least comes to its end: all kills may have come before the first checkpoint.
    while (kills < count || trainings === 0 || existsSync(join(folder, CHECKPOINT))) {
      const deadline = kills < count ? Math.random() * duration : null;
      resumed += Number(existsSync(join(folder, CHECKPOINT)));
      if (await runTraining(folder, backend, deadline)) {
        const found = await finishedDigest(folder);
        if (found !== digest) throw new Error(`expected the digest ${digest}, received ${found}`);
        trainings += 1;
      } else {
        kills += 1;
        await checkWhole(folder);
      }
    }
    return { kills, trainings, resumed, digest };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Trains, or goes on. @returns whether it came to its end before `deadline` milliseconds. */
async function runTraining(folder, backend, deadline) {
  const goesOn = existsSync(join(folder, CHECKPOINT));
  const recipe = goesOn ? ['--data', DATA, '--resume', CHECKPOINT] : RECIPE;
  const files = ['--checkpoint', CHECKPOINT, '--out', MODEL];
  const words = ['train', ...recipe, ...files, '--backend', backend, '--json'];
  const child = spawn(process.execPath, [executable, ...words], { cwd: folder, stdio: 'pipe' });
  let errors = '';
  child.stdout.resume();
  child.stderr.setEncoding('utf8').on('data', (text) => {
    errors += text;
  });
  const ended = new Promise((resolve) => {
    child.on('close', (exitCode) => resolve(exitCode));
  });
  if (deadline !== null) {
    const timer = new AbortController();
    const waited = setTimeout(deadline, 'late', { signal: timer.signal }).catch(() => 'early');
    if ((await Promise.race([ended, waited])) === 'late') child.kill('SIGKILL');
    timer.abort();
  }
  const exitCode = await ended;
  if (exitCode !== 0 && exitCode !== null) throw new Error(`exit code ${exitCode}: ${errors}`);
  return exitCode === 0;
}

/** The digest of a model that came to its end; makes room for the next training. */
async function finishedDigest(folder) {
  const names = readdirSync(folder).sort().join(' ');
  if (names !== [MODEL, DATA, CHECKPOINT].sort().join(' ')) {
    throw new Error(`expected model, data and checkpoint alone, received ${names}`);
  }
  const { receipt } = await decodeModel(readFileSync(join(folder, MODEL)), MODEL);
  for (const name of [MODEL, CHECKPOINT]) rmSync(join(folder, name));
  return receipt.weightsSha256;
}

/** Reads what a killed process left, which throws for a file that is not whole. */
async function checkWhole(folder) {
  const [checkpoint, model] = [join(folder, CHECKPOINT), join(folder, MODEL)];
  if (existsSync(checkpoint)) await decodeCheckpoint(readFileSync(checkpoint), CHECKPOINT);
  if (existsSync(model)) await decodeModel(readFileSync(model), MODEL);
}

/** Points on three noisy rings. */
function makeTable() {
  const rows = Array.from({ length: 200 }, (_, index) => {
    const [ring, angle] = [index % 3, index * 2.4];
    const radius = ring + 1 + (((index * 7919) % 100) - 50) / 100;
    return `${(radius * Math.cos(angle)).toFixed(4)},${(radius * Math.sin(angle)).toFixed(4)},${'abc'[ring]}`;
  });
  return ['x,y,ring', ...rows, ''].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [count = '100', backend = 'auto'] = process.argv.slice(2);
  const { kills, trainings, resumed, digest } = await killPoints(Number(count), backend);
  console.log(
    `${kills} kills, ${resumed} resumptions, ${trainings} trainings to their end, each with ${digest}`,
  );
}
