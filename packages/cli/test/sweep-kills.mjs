// A sweep of many short trials by one process, by four, and by a queue's three workers of which each is
// killed twice, while the queue's server is restarted once: the same receipts, byte for byte.
//
//   node packages/cli/test/sweep-kills.mjs [trials, 200 if left out]
//
// It needs redis-server. Exit code 1 if anything differs.

import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { startRedis } from '../../../scripts/redis.mjs';

const executable = fileURLToPath(new URL('../bin/bitgrad.js', import.meta.url));
const data = fileURLToPath(new URL('../../../examples/data/flowers.csv', import.meta.url));
const trials = Number(process.argv[2] ?? 200);
const folder = mkdtempSync(join(tmpdir(), 'bitgrad-sweep-'));
const [WORKERS, KILLS] = [3, 2];

writeFileSync(
  join(folder, 'plan.yaml'),
  `data: ${JSON.stringify(data)}
label: kind
epochs: 10
patience: none
split: 0.6,0.2,0.2
grid: { lr: [0.001, 0.003, 0.01, 0.03, 0.1], layers: ["8", "16"] }
seeds: ${Math.ceil(trials / 10)}
`,
);

/**
 * @param {string[]} words
 * @param {(event: any) => unknown} [onEvent]
 * @returns {Promise<any[]>} events
 */
function sweep(words, onEvent = () => undefined) {
  const child = spawn(process.execPath, [executable, 'sweep', 'plan.yaml', '--json', ...words], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  /** @type {any[]} */
  const events = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    events.push(JSON.parse(line));
    onEvent(events.at(-1));
  });
  return new Promise((resolve, reject) => {
    child.on('close', (code) => (code === 0 ? resolve(events) : reject(new Error(`exit ${code}`))));
  });
}

const redis = await startRedis();

function startWorker() {
  const words = ['worker', '--queue', redis.url, '--data', data, '--jobs', '1', '--threads', '1'];
  return spawn(process.execPath, [executable, ...words, '--lost-after', '2'], { stdio: 'ignore' });
}

const workers = Array.from({ length: WORKERS }, startWorker);

try {
  /** @param {string} out */
  const receipts = (out) => readFileSync(join(folder, out, 'receipts.jsonl'), 'utf8');
  for (const jobs of ['1', '4']) {
    const begun = performance.now();
    await sweep(['--jobs', jobs, '--out', jobs]);
    console.log(`${jobs} at once: ${((performance.now() - begun) / 1000).toFixed(1)} s`);
  }

  let [kills, done] = [0, 0];
  const every = Math.floor(trials / (WORKERS * KILLS + 2));
  const begun = performance.now();
  const events = await sweep(['--queue', redis.url, '--out', 'queue'], ({ event }) => {
    if (event !== 'trial') return;
    done += 1;
    if (done === Math.floor(trials / 2)) void redis.restart();
    if (kills < WORKERS * KILLS && done >= (kills + 1) * every) {
      const at = kills % WORKERS;
      workers[at]?.kill('SIGKILL');
      workers[at] = startWorker();
      kills += 1;
    }
  });
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  console.log(`a queue, ${kills} kills of ${WORKERS} workers, one restart: ${seconds} s`);

  const told = events.filter(({ event }) => event === 'trial').map(({ trial }) => trial);
  const lines = receipts('1').trimEnd().split('\n').length;
  const isRight =
    receipts('4') === receipts('1') &&
    receipts('queue') === receipts('1') &&
    kills === WORKERS * KILLS &&
    told.length === lines &&
    new Set(told).size === lines;
  console.log(isRight ? `the same ${lines} receipts, each trial once` : 'not the same');
  process.exitCode = isRight ? 0 : 1;
} finally {
  for (const worker of workers) worker.kill('SIGKILL');
  await redis.stop();
  rmSync(folder, { recursive: true, force: true });
}
