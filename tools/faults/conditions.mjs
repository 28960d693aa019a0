// Runs every command where the system gives less than it should, or takes something away meanwhile:
//
//   node tools/faults/conditions.mjs [clock threads files disk memory processes user unreadable unwritable]
//
// Each must come to a good end, with the weights that it has otherwise, or to one error in words; where the kernel ends
// what it has no memory for, files must be whole. (On Linux, with a C compiler; disks, users and groups take root. Build
// first.)

import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decodeCheckpoint, decodeModel } from '../../packages/core-ts/dist/index.js';
import { compile, executable, prepare, TRAIN } from './faults.mjs';
import { hasGroups, openGroup } from './groups.mjs';

const SAVES = '--checkpoint new.checkpoint --log logs --plot new.html --out new.safetensors';
const LINES = {
  train: `${TRAIN} ${SAVES}`,
  'train, native': `${TRAIN.replace('ts', 'native --threads 4 --shards 4')} --out new.safetensors`,
  'train, wasm': `${TRAIN.replace('ts', 'wasm --threads 2')} --out new.safetensors`,
  predict: 'predict model.safetensors d.csv --backend ts --out new.csv',
  verify: 'verify model.safetensors --data d.csv --backend ts',
  export: 'export model.safetensors --format onnx --out new.onnx',
  sweep: 'sweep plan.yaml --backend ts --jobs 2 --out swept',
  serve: 'serve model.safetensors --port 0 --backend ts --workers 2 --json',
};
/** Takes a gigabyte: what has not as much says so before anything is allocated. */
const LARGE = { 'a large training': TRAIN.replace('2,3,2', '2,5000,5000,2') };
const PLAN = 'data: d.csv\nepochs: 2\nsplit: 0.8,0.1,0.1\ngrid: { lr: [0.01, 0.1] }\n';
/** What belongs to nobody: with root's rights, permissions are none. */
export const NOBODY = 65534;
/** Somebody else, whose processes are counted: no other must be theirs. */
const ALONE = 60_000 + (process.pid % 5000);
/** A module that imports no other. */
const module = fileURLToPath(new URL('../../packages/core-ts/dist/errors.js', import.meta.url));
/** As long as a command may take before it is ended, in milliseconds; a server ends when it listens. */
const PATIENCE = 120_000;

/**
 * @typedef {{ shell?: string, environment?: Record<string, string>, change?: (folder: string) => void, user?: number, disk?: number, group?: ['memory' | 'pids', number] }} Condition
 *   what comes before the command in a shell; variables; what is done to its folder; whose it is; KiB that are free where it
 *   lies; the control group that it is in
 */

/**
 * Limits begin where Node itself can start, whose end is nobody's fault here.
 *
 * @param {string} library what `compile` gave
 * @returns {Promise<Record<string, Condition>>} by name
 */
export async function conditions(library) {
  const disturb = (call, at) => ({
    environment: { LD_PRELOAD: library, FAULT_CALL: call, FAULT_AT: String(at) },
  });
  const threads = ownThreads() + 1;
  const files = fewestFiles();
  const processes = await fewestProcesses();
  return {
    clock: disturb('clock', 300),
    ...named(
      'threads',
      [0, 1, 2, 4].map((more) => disturb('thread', threads + more)),
    ),
    ...named(
      'files',
      [0, 2, 4, 8, 16, 32, 64].map((more) => ({ shell: `ulimit -n ${files + more};` })),
    ),
    ...named(
      'disk',
      [0, 4, 8, 12, 16, 24, 32].map((disk) => ({ disk })),
    ),
    ...named(
      'memory',
      [32, 48, 64, 96, 128, 192].map((megabytes) => ({ group: ['memory', megabytes * 2 ** 20] })),
    ),
    ...named(
      'processes',
      [0, 1, 2, 4, 8, 16].map((more) => ({ group: ['pids', processes + more] })),
    ),
    ...named(
      'user',
      [0, 2, 8].map((more) => ({ shell: `ulimit -u ${processes + more};`, user: ALONE })),
    ),
    unreadable: { change: (folder) => chmodSync(join(folder, 'd.csv'), 0o200), user: NOBODY },
    unwritable: { change: (folder) => chmodSync(folder, 0o555), user: NOBODY },
  };
}

const named = (name, all) => Object.fromEntries(all.map((one, at) => [`${name} ${at + 1}`, one]));

/** How many threads Node makes for itself; it may wait for ever where one of these is missing. */
function ownThreads() {
  const look =
    "fs.promises.stat('.').then(() => console.log(fs.readdirSync('/proc/self/task').length))";
  return Number(spawnSync(process.execPath, ['-e', look], { encoding: 'utf8' }).stdout) - 1;
}

/** The fewest files that may be open with which Node can load a module. */
function fewestFiles() {
  for (let most = 16; most < 100; most += 1) {
    const words = ['-c', `ulimit -n ${most}; exec "$0" "$1"`, process.execPath, module];
    if (spawnSync('bash', words).status === 0) return most;
  }
  throw new Error('Node does not start with few files');
}

/** The fewest processes and threads with which Node starts; where one is missing it ends, or waits for ever. */
async function fewestProcesses() {
  if (!(await hasGroups('pids'))) return 16;
  for (let most = ownThreads() + 1; most < 100; most += 1) {
    const group = openGroup('pids', most);
    const words = ['-c', `${group.shell} exec "$0" "$1"`, process.execPath, module];
    const { status } = spawnSync('bash', words, { timeout: 5000, killSignal: 'SIGKILL' });
    await group.close();
    if (status === 0) return most;
  }
  throw new Error('Node does not start with few processes');
}

/**
 * Runs a command under a condition.
 *
 * @param {Condition} condition
 * @param {string} line
 * @param {string} folder where it runs
 * @returns how it ended, and what it said
 */
export async function runUnder(condition, line, folder) {
  if (condition.group === undefined) return runIn(condition, line, folder);
  const group = openGroup(...condition.group);
  try {
    const result = await runIn({ ...condition, shell: group.shell }, line, folder);
    return { ...result, isKilled: result.signal === 'SIGKILL' && group.killed() > 0 };
  } finally {
    await group.close();
  }
}

async function runIn({ shell = '', environment = {}, user }, line, folder) {
  const words = ['-c', `${shell} exec "$0" "$@"`, process.execPath, executable, ...line.split(' ')];
  const child = spawn('bash', words, {
    cwd: folder,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(user === undefined ? {} : { uid: user, gid: user }),
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (text) => {
    stdout += text;
    if (line.startsWith('serve') && stdout.includes('"listening"')) child.kill('SIGTERM');
  });
  child.stderr.on('data', (text) => {
    stderr += text;
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE);
  const [code, signal] = await new Promise((resolve) => {
    child.on('close', (...ended) => resolve(ended));
  });
  clearTimeout(timer);
  return { code, signal, stdout, stderr };
}

/** @throws Error with what is not as it should be */
export function check({ code, signal, stderr }, what) {
  const fail = (why) => {
    throw new Error(`${what}: ${why}\n${stderr.slice(0, 2000)}`);
  };
  if (code !== 0 && code !== 1) fail(`expected exit code 0 or 1, received ${signal ?? code}`);
  if (/^ +at |this is a bug|Unhandled/m.test(stderr)) fail('expected an error in words');
  const errors = (stderr.match(/^error: /gm) ?? []).length;
  if (errors !== code) fail(`expected ${code} errors, received ${errors}`);
}

async function main() {
  const library = compile();
  const begun = prepare();
  const folder = join(begun.root, 'run');
  writeFileSync(join(begun.folder, 'plan.yaml'), PLAN);
  try {
    const all = await conditions(library);
    const chosen = process.argv.slice(2);
    for (const [name, condition] of Object.entries(all)) {
      if (chosen.length > 0 && !chosen.includes(name.split(' ')[0])) continue;
      if (condition.group !== undefined && !(await hasGroups(condition.group[0]))) {
        console.log(`${name}: not tried, as no control group can be made here`);
        continue;
      }
      let [good, refused, killed] = [0, 0, 0];
      const lines = condition.group?.[0] === 'memory' ? { ...LINES, ...LARGE } : LINES;
      for (const [what, line] of Object.entries(lines)) {
        if (condition.disk !== undefined) mount(folder);
        cpSync(begun.folder, folder, { recursive: true });
        if (condition.disk !== undefined) fill(folder, condition.disk);
        if (condition.user !== undefined) giveTo(condition.user, begun.root);
        condition.change?.(folder);
        const result = await runUnder(condition, line, folder);
        try {
          if (result.isKilled && what in LARGE) throw new Error(`${name}: ${what}: not refused`);
          if (!result.isKilled) check(result, `${name}: ${what}`);
        } catch (error) {
          console.log(error.message);
          process.exitCode = 1;
        }
        const digest = /"weightsSha256":"(\w+)"[^\n]*\n$/.exec(result.stdout)?.[1];
        // Other shards are another training.
        if (result.code === 0 && digest !== undefined && what !== 'train, native')
          if (digest !== begun.digest) throw new Error(`${name}: ${what}: other weights`);
        const old = readFileSync(join(begun.folder, 'd.csv'));
        if (!readFileSync(join(folder, 'd.csv')).equals(old))
          throw new Error(`${name}: ${what}: the data are changed`);
        const left = readdirSync(folder, { recursive: true }).filter((one) => one.endsWith('.tmp'));
        if (left.length > 0 && !result.isKilled) throw new Error(`${name}: ${what}: left ${left}`);
        await areWhole(folder);
        if (result.isKilled) killed += 1;
        else if (result.code === 0) good += 1;
        else refused += 1;
        if (condition.disk !== undefined) system('umount', folder);
        rmSync(folder, { recursive: true });
      }
      const end = killed > 0 ? `, ${killed} ended by the kernel` : '';
      console.log(
        `${name.padEnd(12)} ${good} commands done, ${refused} ended with an error in words${end}`,
      );
    }
  } finally {
    rmSync(begun.root, { recursive: true, force: true });
    rmSync(join(library, '..'), { recursive: true });
  }
}

/** @throws Error unless all models and checkpoints of a folder are whole */
async function areWhole(folder) {
  for (const name of readdirSync(folder, { recursive: true })) {
    const path = join(folder, name);
    if (name.endsWith('.safetensors')) await decodeModel(readFileSync(path), name);
    if (name.endsWith('.checkpoint')) await decodeCheckpoint(readFileSync(path), name);
  }
}

/** Makes a folder that is a small disk of its own. */
export function mount(folder, size = '1m') {
  mkdirSync(folder);
  system('mount', '-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder);
}

/** Leaves so many KiB of a disk free. */
export function fill(folder, free) {
  const { bavail, bsize } = statfsSync(folder);
  writeFileSync(join(folder, 'filler'), Buffer.alloc(bavail * bsize - free * 1024));
}

/** Lets another user have a folder. */
export function giveTo(user, folder) {
  system('chown', '-R', `${user}:${user}`, folder);
}

export function system(command, ...words) {
  const { status, stderr } = spawnSync(command, words, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command}: expected root, received ${stderr}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
