// Makes every call on files fail, one after the other, in every command that writes (on Linux, with a C
// compiler; Node closes files by the system call itself, which no library comes between):
//
//   node tools/faults/faults.mjs [SCENARIO…] [--calls open,read,write,fsync,rename]
//
// Whatever fails, the file that was there must stay or the whole new one stand in its place, nothing else
// may be left behind, what was read must be as it was, there must be one clear error or none, and what was
// saved must be resumed with the bits of a training that nothing disturbed.

import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { decodeCheckpoint, decodeModel } from '../../packages/core-ts/dist/index.js';

export const executable = fileURLToPath(
  new URL('../../packages/cli/bin/bitgrad.js', import.meta.url),
);
const source = fileURLToPath(new URL('faults.c', import.meta.url));

/** Error numbers of Linux: too many files, input/output, no space, access denied. */
export const ERRORS = { open: 24, read: 5, write: 28, fsync: 5, rename: 13 };
/** More calls than any scenario makes. */
const MOST_CALLS = 200;

export const TABLE = `x,y,class\n${Array.from({ length: 60 }, (_, i) => `${i % 7},${(i * 3) % 11},${'ab'[i % 2]}\n`).join('')}`;
export const TRAIN =
  'train --data d.csv --layers 2,3,2 --epochs 3 --backend ts --split 0.8,0.1,0.1 --json';

/** What is run, on a folder that has a model and a checkpoint already; which files it may replace. */
export const SCENARIOS = {
  train: {
    line: `${TRAIN} --out model.safetensors --plot report.html`,
    writes: ['model.safetensors', 'report.html'],
  },
  checkpoint: {
    line: `${TRAIN} --out new.safetensors --checkpoint run.checkpoint --log logs`,
    writes: ['new.safetensors', 'run.checkpoint', 'logs'],
  },
  resume: {
    line: 'train --data d.csv --resume run.checkpoint --checkpoint run.checkpoint --backend ts --out new.safetensors',
    writes: ['new.safetensors', 'run.checkpoint'],
  },
  export: {
    line: 'export model.safetensors --format onnx --out model.onnx',
    writes: ['model.onnx'],
  },
  predict: {
    line: 'predict model.safetensors d.csv --backend ts --out rows.csv',
    writes: ['rows.csv'],
  },
};

/**
 * Lets each call of a kind fail in a scenario.
 *
 * @returns {{ faults: number, survived: number }} how many there were, and in how many the command
 *   nevertheless came to a good end
 * @throws Error with what is not as it should be
 */
export function everyFault(name, call, library) {
  const begun = prepare();
  try {
    let [faults, survived] = [0, 0];
    for (let at = 1; at <= MOST_CALLS; at += 1) {
      const folder = join(begun.root, 'run');
      cpSync(begun.folder, folder, { recursive: true });
      const result = runFaulty(SCENARIOS[name].line, folder, { call, at, library });
      if (result.isFired) {
        faults += 1;
        survived += Number(result.status === 0);
        check(name, folder, begun, result, `${name}: ${call} ${at}`);
      }
      rmSync(folder, { recursive: true, force: true });
      if (!result.isFired) return { faults, survived };
    }
    throw new Error(`${name}: more than ${MOST_CALLS} calls of ${call}`);
  } finally {
    rmSync(begun.root, { recursive: true, force: true });
  }
}

/** Compiles the library that makes calls fail. @returns its path, in a folder of its own */
export function compile() {
  const library = join(mkdtempSync(join(tmpdir(), 'bitgrad-faults-')), 'faults.so');
  const words = ['-shared', '-fPIC', '-O1', '-Wall', '-Werror', '-o', library, source, '-ldl'];
  const { status, stderr } = spawnSync('cc', words, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`cc: ${stderr}`);
  return library;
}

/** A folder with data, a model, a checkpoint after one epoch, and old files of every name. */
export function prepare() {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'bitgrad-faulty-')));
  const folder = join(root, 'begun');
  mkdirSync(folder);
  writeFileSync(join(folder, 'd.csv'), TABLE);
  const digest = run(`${TRAIN} --out model.safetensors`, folder, {}).digest;
  for (const old of ['report.html', 'model.onnx', 'rows.csv'])
    writeFileSync(join(folder, old), 'old');
  // A training of three epochs that ends after its first.
  run(`${TRAIN} --out x --checkpoint run-{epoch}.checkpoint`, folder, {});
  cpSync(join(folder, 'run-1.checkpoint'), join(folder, 'run.checkpoint'));
  for (const name of ['x', 'run-1.checkpoint', 'run-2.checkpoint', 'run-3.checkpoint'])
    rmSync(join(folder, name));
  return { root, folder, digest };
}

function run(line, folder, environment) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [executable, ...line.split(' ')], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, ...environment },
    timeout: 600_000,
  });
  return { status, stdout, stderr, digest: /"weightsSha256":"(\w+)"[^\n]*\n$/.exec(stdout)?.[1] };
}

function runFaulty(line, folder, { call, at, library }) {
  const mark = join(folder, '..', 'mark');
  rmSync(mark, { force: true });
  const result = run(line, folder, {
    LD_PRELOAD: library,
    FAULT_FOLDER: folder,
    FAULT_CALL: call,
    FAULT_AT: String(at),
    FAULT_ERROR: String(ERRORS[call]),
    FAULT_MARK: mark,
  });
  return { ...result, isFired: existsSync(mark) };
}

/** @throws Error if anything is not as it should be */
function check(name, folder, begun, { status, stderr }, where) {
  const fail = (why) => {
    throw new Error(`${where}: ${why}\n${stderr}`);
  };
  const { writes } = SCENARIOS[name];
  if (status !== 0 && status !== 1) fail(`expected exit code 0 or 1, received ${status}`);
  if (/^ +at |this is a bug/m.test(stderr)) fail('expected an error in words');
  if (status === 1 && (stderr.match(/^error: /gm) ?? []).length !== 1) fail('expected one error');
  const before = readdirSync(begun.folder);
  for (const file of readdirSync(folder)) {
    if (!before.includes(file) && !writes.includes(file))
      fail(`expected nothing else, received ${file}`);
  }
  for (const file of before) {
    const old = readFileSync(join(begun.folder, file));
    const now = existsSync(join(folder, file)) ? readFileSync(join(folder, file)) : null;
    if (now === null) fail(`${file} is gone`);
    else if (!now.equals(old) && !(writes.includes(file) && isWhole(file, now)))
      fail(`${file} is torn`);
  }
}

function isWhole(file, bytes) {
  if (file.endsWith('.html')) return bytes.toString().endsWith('</html>\n');
  if (file.endsWith('.csv')) return bytes.toString().split('\n').length === 62;
  return bytes.length > 100;
}

/** After any fault a checkpoint is whole and goes on to the same weights. */
export async function resumesAfterEveryFault(call, library) {
  const begun = prepare();
  try {
    for (let at = 1; at <= MOST_CALLS; at += 1) {
      const folder = join(begun.root, 'run');
      cpSync(begun.folder, folder, { recursive: true });
      const { isFired } = runFaulty(SCENARIOS.resume.line, folder, { call, at, library });
      const file = join(folder, 'run.checkpoint');
      await decodeCheckpoint(readFileSync(file), 'run.checkpoint');
      const line = 'train --data d.csv --resume run.checkpoint --backend ts --out end --json';
      const { digest, stderr } = run(line, folder, {});
      if (digest !== begun.digest) throw new Error(`${call} ${at}: received ${digest}\n${stderr}`);
      await decodeModel(readFileSync(join(folder, 'end')), 'end');
      rmSync(folder, { recursive: true, force: true });
      if (!isFired) return at - 1;
    }
    throw new Error(`more than ${MOST_CALLS} calls of ${call}`);
  } finally {
    rmSync(begun.root, { recursive: true, force: true });
  }
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { calls: { type: 'string', default: Object.keys(ERRORS).join(',') } },
  });
  const library = compile();
  const names = positionals.length > 0 ? positionals : [...Object.keys(SCENARIOS), 'resumption'];
  for (const name of names) {
    for (const call of values.calls.split(',')) {
      if (name === 'resumption') {
        console.log(
          `resumption  ${call}: ${await resumesAfterEveryFault(call, library)} faults, each resumed`,
        );
      } else {
        const { faults, survived } = everyFault(name, call, library);
        console.log(`${name.padEnd(11)} ${call}: ${faults} faults, ${survived} of them survived`);
      }
    }
  }
  rmSync(join(library, '..'), { recursive: true });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
