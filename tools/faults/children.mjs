// Kills the processes that do a command's work, with SIGKILL at random moments:
//
//   node tools/faults/children.mjs [sweep] [verify] [--runs 50] [--seed 1]
//
// A task whose process dies is begun again by another one: each command must come to its end with what it gives
// undisturbed, or say in one error that a task's processes died three times; and leave no process and nothing half
// written behind. (On Linux. Build first.)

import { spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Random } from '../fuzz/random.mjs';
import { check } from './conditions.mjs';
import { executable, prepare, TRAIN } from './faults.mjs';

const SCENARIOS = {
  sweep: {
    line: 'sweep plan.yaml --backend ts --jobs 2 --out swept --json',
    signOf: (folder) => readFileSync(join(folder, 'swept', 'receipts.jsonl'), 'utf8'),
  },
  verify: {
    line: 'verify kept.safetensors --data d.csv --from kept --jobs 2 --backend ts --json',
    signOf: (_, stdout) => /"event":"end".*"verified":(\w+)/.exec(stdout)[1],
  },
};
const PLAN = `data: d.csv
epochs: 60
split: 0.8,0.1,0.1
grid: { lr: [0.01, 0.02, 0.05, 0.1] }
`;
const LONG = TRAIN.replace('--epochs 3', '--epochs 40');
/** How long a command may take, in milliseconds; and what it began, to end after it. */
const PATIENCE = 120_000;
const LONGEST_END = 5000;

/** The processes that a process began, by the system's own list. */
function childrenOf(id) {
  const path = `/proc/${id}/task/${id}/children`;
  return existsSync(path) ? readFileSync(path, 'utf8').split(' ').filter(Boolean).map(Number) : [];
}

/** Runs a command and kills some of its processes. @returns how it ended, what it said, and how many were killed */
async function run(line, folder, random, kills) {
  const child = spawn(process.execPath, [executable, ...line.split(' ')], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr, killed, isOver] = ['', '', 0, false];
  child.stdout.on('data', (text) => {
    stdout += text;
  });
  child.stderr.on('data', (text) => {
    stderr += text;
  });
  const late = AbortSignal.timeout(PATIENCE);
  late.addEventListener('abort', () => child.kill('SIGKILL'));
  const ended = new Promise((resolve) => {
    child.on('close', (code, signal) => {
      isOver = true;
      resolve({ code, signal });
    });
  });
  const all = new Set();
  for (let at = 0; at < kills && !isOver; at += 1) {
    await setTimeout(random.below(300));
    for (const one of childrenOf(child.pid)) all.add(one);
    const children = childrenOf(child.pid);
    if (children.length === 0 || isOver) continue;
    process.kill(random.pick(children), 'SIGKILL');
    killed += 1;
  }
  const end = await ended;
  return { ...end, stdout, stderr, killed, all };
}

/** @throws Error where a process is still there */
async function areGone(all, where) {
  const since = performance.now();
  const left = () => [...all].filter((id) => existsSync(`/proc/${id}/cmdline`) && isOurs(id));
  while (left().length > 0) {
    if (performance.now() - since > LONGEST_END) throw new Error(`${where}: left ${left()}`);
    await setTimeout(20);
  }
}

const isOurs = (id) => {
  try {
    return readFileSync(`/proc/${id}/cmdline`, 'utf8').includes('task-process');
  } catch {
    return false;
  }
};

/** Kills in so many runs of a scenario. */
async function killChildren(name, runs, random) {
  const { line, signOf } = SCENARIOS[name];
  const begun = prepare();
  writeFileSync(join(begun.folder, 'plan.yaml'), PLAN);
  try {
    mkdirSync(join(begun.folder, 'kept'));
    const kept = `${LONG} --out kept.safetensors --checkpoint kept/{epoch}.checkpoint`;
    await run(kept, begun.folder, random, 0);
    let [killed, done, told, wanted] = [0, 0, 0, null];
    for (let at = 0; at <= runs; at += 1) {
      const folder = join(begun.root, 'run');
      cpSync(begun.folder, folder, { recursive: true });
      // The first one is not disturbed.
      const result = await run(line, folder, random, at === 0 ? 0 : 1 + random.below(8));
      const where = `${name}, run ${at}`;
      check(result, where);
      await areGone(result.all, where);
      const left = readdirSync(folder, { recursive: true }).filter((one) => one.endsWith('.tmp'));
      if (left.length > 0) throw new Error(`${where}: left ${left}`);
      killed += result.killed;
      if (result.code === 0) {
        const sign = signOf(folder, result.stdout);
        wanted ??= sign;
        if (sign !== wanted) throw new Error(`${where}: another result`);
        done += at === 0 ? 0 : 1;
      } else if (/received 3 that ended with SIGKILL/.test(result.stderr)) told += 1;
      else throw new Error(`${where}: ${result.stderr}`);
      rmSync(folder, { recursive: true });
    }
    return { killed, done, told };
  } finally {
    rmSync(begun.root, { recursive: true, force: true });
  }
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: 'string', default: '50' },
    seed: { type: 'string', default: '1' },
  },
});
const random = new Random(Number(values.seed), 'children');
for (const name of positionals.length > 0 ? positionals : Object.keys(SCENARIOS)) {
  const { killed, done, told } = await killChildren(name, Number(values.runs), random);
  console.log(
    `${name.padEnd(8)} ${killed} processes killed in ${values.runs} runs: ${done} done, each with the same result, ${told} ended with an error that says so`,
  );
}
