// Kills commands with SIGKILL, at every call on their files and at random moments:
//
//   node tools/faults/kills.mjs [SCENARIO…] [--kills 1000] [--seed 1]
//   node tools/faults/kills.mjs [SCENARIO…] --fail [--calls open,read,write,fsync,rename]
//
// After each kill every file is the old or a whole new one, what was read is as it was, and nothing else is there but
// what the killed save was writing. The same command is then begun again in the same folder, killed again, and at
// last left to its end: it must give what it gives undisturbed, and clear away what was left. With --fail, each call
// fails instead, and the command must come to a good end or to one error in words, clear up, and give the same when
// it is begun again. (On Linux, with a C compiler.)

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { decodeCheckpoint, decodeModel } from '../../packages/core-ts/dist/index.js';
import { Random } from '../fuzz/random.mjs';
import { compile, ERRORS, executable, SCENARIOS as FAULTY, prepare, TRAIN } from './faults.mjs';

const CALLS = ['open', 'write', 'fsync', 'rename'];
const PLAN = `data: d.csv
epochs: 3
split: 0.8,0.1,0.1
grid: { lr: [0.01, 0.1], layers: ["2,3,2", "2,4,2"] }
`;
const SAVES = '--checkpoint run.checkpoint --log logs --out new.safetensors';

/** `line` is run in a folder; goes on by `again` where there is a checkpoint; `writes` these, and nothing else. */
const SCENARIOS = {
  train: FAULTY.train,
  checkpoint: {
    line: `${TRAIN} ${SAVES}`,
    again: `train --data d.csv --resume run.checkpoint --backend ts ${SAVES}`,
    writes: ['new.safetensors', 'run.checkpoint', 'logs'],
  },
  export: FAULTY.export,
  predict: FAULTY.predict,
  sweep: { line: 'sweep plan.yaml --backend ts --jobs 1 --out swept', writes: ['swept'] },
  serve: {
    line: 'serve model.safetensors --port 0 --backend ts --json',
    writes: [],
    isServer: true,
  },
};

/** What a killed save was writing. */
const isTemporary = (name) => /^\.[\w.-]+\.tmp$/.test(name);

/** What there is to say of a file's contents, which throws for one that is torn. */
export async function signOf(path) {
  const bytes = readFileSync(path);
  if (path.endsWith('.safetensors')) return (await decodeModel(bytes, path)).receipt.weightsSha256;
  if (path.endsWith('.checkpoint')) return String((await decodeCheckpoint(bytes, path)).epochs);
  const text = bytes.toString();
  if (path.endsWith('.html')) {
    if (text !== 'old' && !text.endsWith('</html>\n')) throw new Error(`${path} is torn`);
    return 'whole';
  }
  return createHash('sha256').update(bytes).digest('hex');
}

/** Models and tables of a sweep, or the one file. */
async function signs(folder, name) {
  const path = join(folder, name);
  if (!existsSync(path)) return 'none';
  // A log is written as it goes; its end may be half a line.
  if (name === 'logs') return 'a log';
  if (name !== 'swept') return signOf(path);
  const names = readdirSync(path, { recursive: true }).filter((one) =>
    one.endsWith('.safetensors'),
  );
  for (const one of names) await signOf(join(path, one));
  const receipts = join(path, 'receipts.jsonl');
  return existsSync(receipts) ? readFileSync(receipts, 'utf8') : 'none';
}

/** What takes longer, in milliseconds, does not end: it is killed, and found to have ended wrongly. */
const LONGEST = 120_000;

/** Runs a command; kills it after some milliseconds if it has not ended. @returns how it ended */
async function run(line, folder, { after = null, environment = {}, isServer = false }) {
  const child = spawn(process.execPath, [executable, ...line.split(' ')], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  });
  let [said, errors] = ['', ''];
  const ended = new Promise((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal }));
  });
  child.stderr.on('data', (text) => {
    errors += text;
  });
  const asked = [];
  child.stdout.on('data', (text) => {
    said += text;
    if (isServer && asked.length === 0 && said.includes('\n')) asked.push(askOn(said, child));
  });
  const timer = new AbortController();
  const late = setTimeout(after ?? LONGEST, 'late', { signal: timer.signal }).catch(() => 'early');
  if ((await Promise.race([ended, late])) === 'late') child.kill('SIGKILL');
  timer.abort();
  await Promise.all(asked);
  return { ...(await ended), errors };
}

/** Asks a server until it is gone: each answer must be that to the first. Undisturbed, it is then told to end. */
async function askOn(said, child) {
  const { url } = JSON.parse(said.slice(0, said.indexOf('\n')));
  let first;
  for (let at = 0; at < 20; at += 1) {
    const answer = await fetch(`${url}/models/model/predict`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '[[1,2],[3,4]]',
    }).then(
      (response) => response.text(),
      () => null,
    );
    if (answer === null) return;
    first ??= answer;
    if (answer !== first || !answer.includes('probabilities')) throw new Error(`serve: ${answer}`);
  }
  child.kill('SIGTERM');
}

/** A scenario in a folder of its own, and what it gives undisturbed. */
async function stage(name) {
  const { line, again, writes, isServer } = SCENARIOS[name];
  const begun = prepare();
  const folder = join(begun.root, 'run');
  const mark = join(begun.root, 'mark');
  writeFileSync(join(begun.folder, 'plan.yaml'), PLAN);
  if (again !== undefined) rmSync(join(begun.folder, 'run.checkpoint'));
  const start = () => {
    rmSync(folder, { recursive: true, force: true });
    cpSync(begun.folder, folder, { recursive: true });
  };
  const next = () => (again && existsSync(join(folder, 'run.checkpoint')) ? again : line);
  const all = (where) => Promise.all(writes.map((file) => signs(where, file)));

  start();
  const since = performance.now();
  const undisturbed = await run(line, folder, { isServer });
  const duration = performance.now() - since;
  if (undisturbed.code !== 0) throw new Error(`${name}: ${undisturbed.errors}`);
  const wanted = String(await all(folder));
  const inputs = readdirSync(begun.folder).filter((file) => !writes.includes(file));

  /** @param {{ isKilled: boolean, isDone: boolean }} how it ended */
  const check = async ({ isKilled, isDone }, errors) => {
    const others = readdirSync(folder, { recursive: true }).filter((file) => {
      const base = file.split('/').at(-1);
      const isExpected = inputs.includes(file) || writes.includes(file.split('/')[0]);
      return isTemporary(base) ? !isKilled : !isExpected;
    });
    if (others.length > 0) throw new Error(`${name}: expected nothing else, received ${others}`);
    for (const file of inputs) {
      const [old, now] = [begun.folder, folder].map((where) => readFileSync(join(where, file)));
      if (!now.equals(old)) throw new Error(`${name}: ${file} is changed`);
    }
    const found = String(await all(folder));
    if (isDone && found !== wanted) throw new Error(`${name}: other results\n${found}\n${errors}`);
  };
  return {
    duration,
    start,
    check,
    /** Runs the command, or goes on with it. */
    go: (after = null) => run(next(), folder, { after, isServer }),
    /** Lets a call fail meanwhile. @returns also whether there was such a call */
    async disturb(library, call, at, error) {
      rmSync(mark, { force: true });
      const result = await run(next(), folder, {
        isServer,
        environment: {
          ...{ LD_PRELOAD: library, FAULT_FOLDER: folder, FAULT_CALL: call },
          ...{ FAULT_AT: String(at), FAULT_ERROR: String(error), FAULT_MARK: mark },
        },
      });
      return { ...result, isFired: existsSync(mark) };
    },
    /** Leaves it to its end, and begins anew. */
    async end() {
      const { code, errors } = await run(next(), folder, { isServer });
      if (code !== 0) throw new Error(`${name}: exit code ${code}\n${errors}`);
      await check({ isKilled: false, isDone: true }, errors);
      start();
    },
    close: () => rmSync(begun.root, { recursive: true, force: true }),
  };
}

/**
 * @param {string} name
 * @param {number} count how many kills: at calls, one after the other, then at random moments
 * @returns {Promise<{ kills: number, atCalls: number, ends: number }>}
 * @throws Error if anything is not as it should be
 */
export async function killScenario(name, count, random, library, calls = CALLS) {
  const scene = await stage(name);
  const { check, start } = scene;
  const killed = { isKilled: true, isDone: false };
  const whole = { isKilled: false, isDone: true };
  try {
    let [kills, atCalls, ends] = [0, 0, 0];
    start();
    for (const call of calls) {
      for (let at = 1; kills < count; at += 1) {
        const { code, errors, isFired } = await scene.disturb(library, call, at, 'kill');
        if (!isFired) {
          if (code !== 0) throw new Error(`${name}: ${call} ${at}: exit code ${code}\n${errors}`);
          await check(whole, errors);
          ends += 1;
          start();
          break;
        }
        kills += 1;
        atCalls += 1;
        await check(killed, errors);
      }
    }
    while (kills < count) {
      const { code, signal, errors } = await scene.go(
        (random.integer() / 2 ** 32) * scene.duration,
      );
      if (signal === 'SIGKILL') {
        kills += 1;
        await check(killed, errors);
      } else if (code === 0) {
        await check(whole, errors);
        ends += 1;
        start();
      } else throw new Error(`${name}: exit code ${code}\n${errors}`);
    }
    await scene.end();
    return { kills, atCalls, ends: ends + 1 };
  } finally {
    scene.close();
  }
}

/**
 * Lets each call of a kind fail, and begins again after each.
 *
 * @returns {Promise<{ faults: number, survived: number }>} how many there were, and in how many the command
 *   nevertheless came to a good end
 * @throws Error if anything is not as it should be
 */
export async function failScenario(name, call, library) {
  const scene = await stage(name);
  try {
    let [faults, survived] = [0, 0];
    for (scene.start(); ; faults += 1) {
      const { code, errors, isFired } = await scene.disturb(
        library,
        call,
        faults + 1,
        ERRORS[call],
      );
      const where = `${name}: ${call} ${faults + 1}`;
      if (code !== 0 && code !== 1) throw new Error(`${where}: exit code ${code}\n${errors}`);
      if (code === 1 && (errors.match(/^error: /gm) ?? []).length !== 1)
        throw new Error(`${where}: expected one error\n${errors}`);
      if (/^ +at |this is a bug/m.test(errors))
        throw new Error(`${where}: expected an error in words\n${errors}`);
      await scene.check({ isKilled: false, isDone: code === 0 }, `${where}\n${errors}`);
      if (!isFired) return { faults, survived };
      survived += Number(code === 0);
      await scene.end();
    }
  } finally {
    scene.close();
  }
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      kills: { type: 'string', default: '1000' },
      seed: { type: 'string', default: '1' },
      fail: { type: 'boolean', default: false },
      calls: { type: 'string', default: Object.keys(ERRORS).join(',') },
    },
  });
  const names = positionals.length > 0 ? positionals : Object.keys(SCENARIOS);
  const random = new Random(Number(values.seed), 'kills');
  const library = compile();
  try {
    for (const name of names) {
      if (values.fail) {
        for (const call of values.calls.split(',')) {
          const { faults, survived } = await failScenario(name, call, library);
          console.log(`${name.padEnd(10)} ${call}: ${faults} faults, ${survived} of them survived`);
        }
        continue;
      }
      const count = Math.ceil(Number(values.kills) / names.length);
      const { kills, atCalls, ends } = await killScenario(name, count, random, library);
      console.log(
        `${name.padEnd(10)} ${kills} kills, ${atCalls} of them at calls; ${ends} times to its end, each with the same result`,
      );
    }
  } finally {
    rmSync(join(library, '..'), { recursive: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
