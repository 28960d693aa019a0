// Kills a rank of trainings with SIGKILL at random moments and goes on with another number of ranks, again
// and again, for every kind of net and either MPI that is here:
//
//   node packages/mpi/test/kill-points.mjs [KILLS of each, 10] [--launcher openmpi|mpich] [--net NAME]
//
// Every training that comes to its end must have the digest of one by a process alone.

import { spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { decodeModel } from '@bitgrad/core';
import { missing } from '../../../scripts/require.mjs';
import { ENVIRONMENT, LAUNCHERS } from './launchers.mjs';

const executable = fileURLToPath(new URL('../../cli/bin/bitgrad.js', import.meta.url));
const [TABLE, IMAGES, CHECKPOINT, MODEL] = [
  'points.csv',
  'rows',
  'run.checkpoint',
  'm.safetensors',
];
const COMMON = '--batch-size 24 --shards 8 --split 0.8,0.1,0.1 --patience 1000';

/** By name the data and the other words of a training. */
const NETS = /** @type {const} */ ({
  perceptron: [TABLE, `--layers 2,16,8,3 --epochs 150 --lr 0.05 --optimizer momentum ${COMMON}`],
  convolutions: [
    IMAGES,
    `--layers 8x8,conv5,norm,pool,3 --epochs 60 --lr 0.01 --augment shift:1 ${COMMON}`,
  ],
  adam: [TABLE, `--layers 2,16,3 --epochs 150 --lr 0.01 --optimizer adam ${COMMON}`],
  dropout: [
    TABLE,
    `--layers 2,16,3 --epochs 150 --lr 0.01 --optimizer adam --dropout 0.2 ${COMMON}`,
  ],
});
/** @typedef {keyof typeof NETS} Net */
/** @typedef {keyof typeof LAUNCHERS} Launcher */

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { launcher: { type: 'string' }, net: { type: 'string' } },
});
const count = Number(positionals[0] ?? 10);
const launchers = /** @type {Launcher[]} */ (Object.keys(LAUNCHERS)).filter(
  (name) => (values.launcher ?? name) === name && !missing(name),
);
const nets = /** @type {Net[]} */ (Object.keys(NETS)).filter(
  (name) => (values.net ?? name) === name,
);
if (launchers.length * nets.length === 0)
  throw new Error('expected an MPI and a net, received none');
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

/** 480 images of 8×8 bytes in three classes, as IDX files. */
function makeImages() {
  mkdirSync(join(folder, IMAGES));
  for (const [part, samples] of /** @type {const} */ ([
    ['train', 400],
    ['t10k', 80],
  ])) {
    const labels = Uint8Array.from({ length: samples }, (_, at) => at % 3);
    const pixels = Uint8Array.from({ length: samples * 64 }, (_, at) => {
      const isBright = Math.floor((at % 64) / 24) === labels[Math.floor(at / 64)];
      return (isBright ? 120 : 0) + ((at * 7919) % 97);
    });
    const [head, sizes] = [Buffer.from([0, 0, 8]), Buffer.alloc(12)];
    for (const [at, size] of [samples, 8, 8].entries()) sizes.writeUInt32BE(size, 4 * at);
    const write = (/** @type {string} */ name, /** @type {Uint8Array[]} */ ...parts) =>
      writeFileSync(join(folder, IMAGES, `${part}-${name}-ubyte`), Buffer.concat(parts));
    write('images-idx3', head, Uint8Array.of(3), sizes, pixels);
    write('labels-idx1', head, Uint8Array.of(1), sizes.subarray(0, 4), labels);
  }
}

/** When the checkpoint was saved last. */
function savedAt() {
  return statSync(join(folder, CHECKPOINT), { throwIfNoEntry: false })?.mtimeMs ?? null;
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

/** @param {Net} net */
function wordsOf(net) {
  const [data, words] = NETS[net];
  return ['--data', data, ...words.split(' ')];
}

/**
 * @param {Launcher} launcher @param {Net} net @param {number} ranks @param {number | null} delay
 * @returns {Promise<boolean>} whether it came to its end
 */
async function trainOn(launcher, net, ranks, delay) {
  const before = savedAt();
  const goesOn = before !== null;
  const words = goesOn ? ['--data', NETS[net][0], '--resume', CHECKPOINT] : wordsOf(net);
  const [command, ...more] = LAUNCHERS[launcher];
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
    let isOver = false;
    ended.then(() => {
      isOver = true;
    });
    // One in four dies before an epoch is done, as it may be; the others after one.
    const needsEpoch = random(4) > 0;
    while (needsEpoch && !isOver && savedAt() === before) await setTimeout(20);
    await Promise.race([ended, setTimeout(delay)]);
    kill(random(ranks));
  }
  return (await ended) === 0;
}

/** @param {Net} net */
async function trainAlone(net) {
  const words = [executable, 'train', ...wordsOf(net), '--out', MODEL];
  const begun = performance.now();
  const { status, stderr } = spawnSync(process.execPath, words, { cwd: folder, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return { expected: await digest(), duration: performance.now() - begun };
}

/** @param {Launcher} launcher @param {Net} net */
async function killAndGoOn(launcher, net) {
  const { expected, duration } = await trainAlone(net);
  let [kills, trainings, resumed] = [0, 0, 0];
  while (kills < count || existsSync(join(folder, CHECKPOINT))) {
    resumed += Number(existsSync(join(folder, CHECKPOINT)));
    const ranks = 2 + random(7);
    const delay = kills < count ? random(2 * duration) : null;
    if (await trainOn(launcher, net, ranks, delay)) {
      const found = await digest();
      if (found !== expected) {
        throw new Error(`${launcher}, ${net}: expected the digest ${expected}, received ${found}`);
      }
      trainings += 1;
      rmSync(join(folder, CHECKPOINT), { force: true });
    } else {
      kills += 1;
      const saved = existsSync(join(folder, CHECKPOINT)) ? 'with' : 'without';
      console.error(
        `${launcher}, ${net}: kill ${kills} of ${count}, of ${ranks} ranks, ${saved} a checkpoint`,
      );
    }
  }
  console.log(
    `${launcher}, ${net}: ${kills} kills, ${resumed} resumed, ${trainings} whole trainings: ${expected}`,
  );
}

try {
  writeFileSync(join(folder, TABLE), makeTable());
  makeImages();
  for (const launcher of launchers) for (const net of nets) await killAndGoOn(launcher, net);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
