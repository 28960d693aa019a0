// Kills a rank of trainings with SIGKILL at random moments and goes on with another number of ranks, of
// either MPI that is here, again and again:
//
//   node packages/mpi/test/kill-points.mjs [COUNT]
//
// Every training that comes to its end must have the digest of one by a process alone.

import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { decodeModel } from '@bitgrad/core';
import { missing } from '../../../scripts/require.mjs';
import { ENVIRONMENT, LAUNCHERS } from './launchers.mjs';

const executable = fileURLToPath(new URL('../../cli/bin/bitgrad.js', import.meta.url));
const [DATA, CHECKPOINT, MODEL] = ['points.csv', 'run.checkpoint', 'model.safetensors'];
const RECIPE =
  `--data ${DATA} --layers 2,16,3 --epochs 150 --batch-size 24 --shards 8 --lr 0.01 --optimizer adam
  --dropout 0.2 --split 0.8,0.1,0.1 --patience 1000`.split(/\s+/);

const count = Number(process.argv[2] ?? 10);
const launchers = Object.values(LAUNCHERS).filter((_, at) => !missing(Object.keys(LAUNCHERS)[at]));
const folder = mkdtempSync(join(tmpdir(), 'bitgrad-ranks-'));

/** @param {number} below */
const random = (below) => Math.floor(Math.random() * below);

function makeTable() {
  const rows = Array.from({ length: 480 }, (_, at) => {
    const angle = (at * 2 * Math.PI) / 3 + Math.sin(at * at);
    return `${Math.cos(angle).toFixed(4)},${Math.sin(angle).toFixed(4)},${'abc'[at % 3]}`;
  });
  return ['x,y,label', ...rows, ''].join('\n');
}

async function digest() {
  return (await decodeModel(readFileSync(join(folder, MODEL)), MODEL)).receipt.weightsSha256;
}

/** @param {number} rank */
function kill(rank) {
  for (const name of readdirSync('/proc').filter((one) => /^\d+$/.test(one))) {
    try {
      const variables = readFileSync(`/proc/${name}/environ`, 'utf8').split('\0');
      if (!variables.includes(`BITGRAD_TEST_JOB=${folder}`)) continue;
      const marks = [`OMPI_COMM_WORLD_RANK=${rank}`, `PMI_RANK=${rank}`];
      if (marks.some((mark) => variables.includes(mark))) process.kill(Number(name), 'SIGKILL');
    } catch {
      // It has ended meanwhile, or is somebody else's.
    }
  }
}

/** @param {number} ranks @param {number | null} delay @returns {Promise<boolean>} whether it came to its end */
async function trainOn(ranks, delay) {
  const goesOn = existsSync(join(folder, CHECKPOINT));
  const words = goesOn ? ['--data', DATA, '--resume', CHECKPOINT] : RECIPE;
  const [command = '', ...more] = launchers[random(launchers.length)] ?? [];
  const files = ['--checkpoint', CHECKPOINT, '--out', MODEL];
  const child = spawn(
    command,
    [...more, '-n', `${ranks}`, process.execPath, executable, 'train', ...words, ...files],
    {
      cwd: folder,
      stdio: 'ignore',
      env: { ...process.env, ...ENVIRONMENT, BITGRAD_TEST_JOB: folder },
    },
  );
  /** @type {Promise<number | null>} */
  const ended = new Promise((resolve) => {
    child.on('close', resolve);
  });
  if (delay !== null) {
    await Promise.race([ended, setTimeout(delay)]);
    kill(random(ranks));
  }
  return (await ended) === 0;
}

try {
  writeFileSync(join(folder, DATA), makeTable());
  const begun = performance.now();
  const alone = [executable, 'train', ...RECIPE, '--out', MODEL];
  const { status, stderr } = spawnSync(process.execPath, alone, { cwd: folder, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  const duration = performance.now() - begun;
  const expected = await digest();
  let [kills, trainings, resumed] = [0, 0, 0];
  while (kills < count || existsSync(join(folder, CHECKPOINT))) {
    resumed += Number(existsSync(join(folder, CHECKPOINT)));
    const ranks = 2 + random(7);
    if (await trainOn(ranks, kills < count ? duration + random(3 * duration) : null)) {
      const found = await digest();
      if (found !== expected) throw new Error(`expected the digest ${expected}, received ${found}`);
      trainings += 1;
      rmSync(join(folder, CHECKPOINT), { force: true });
    } else kills += 1;
  }
  console.log(`${kills} kills, ${resumed} resumed, ${trainings} whole trainings: ${expected}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
