// `bitgrad serve` beside FastAPI with scikit-learn, the same network, in one run on this machine: requests
// a second and how long they take, of one row and of 64. The load, too, runs here.
//
//   node bench/serving/serving.mjs --install   brings FastAPI and scikit-learn into bench/.peers/
//   node bench/serving/serving.mjs             3 rounds; about 3 minutes
//   node bench/serving/serving.mjs --quick     a first look
//   --rounds N, --seconds N (of each measurement), --connections N, --tool wrk|autocannon, --json FILE

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ask as load, loadTool } from './load.mjs';
import {
  ask,
  bodyOf,
  hasPython,
  installServers,
  startBitgrad,
  startFastApi,
  writeModel,
} from './servers.mjs';

const { values: options } = parseArgs({
  options: {
    install: { type: 'boolean' },
    quick: { type: 'boolean' },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '5' },
    connections: { type: 'string', default: '16' },
    tool: { type: 'string' },
    json: { type: 'string' },
  },
});
const rounds = options.quick ? 1 : Number(options.rounds);
const seconds = options.quick ? 1 : Number(options.seconds);
const tool = loadTool(options.tool);
const BATCHES = [1, 64];

/**
 * @typedef {object} Measured
 * @property {string} name
 * @property {number} rows of a request
 * @property {number[]} requests a second, of each round
 * @property {number[]} p50 milliseconds
 * @property {number[]} p99
 * @property {number[]} p999
 * @property {number} errors
 */

if (options.install) await installServers();
else await compare();

async function compare() {
  const folder = mkdtempSync(join(tmpdir(), 'bitgrad-serving-'));
  const sides = [
    () => startBitgrad(folder, 0),
    () => startBitgrad(folder, 1),
    ...(hasPython() ? [() => startFastApi(folder, 1), () => startFastApi(folder, 2)] : []),
  ];
  if (!hasPython()) console.error('FastAPI is not here: node bench/serving/serving.mjs --install');
  /** @type {Map<string, Measured>} */
  const results = new Map();
  try {
    await writeModel(folder);
    /** @type {number[][] | null} */
    let first = null;
    for (let round = 0; round < rounds; round += 1) {
      for (const start of sides) {
        const server = await start();
        try {
          const answer = await ask(server.url, 64);
          first ??= answer;
          checkSame(first, answer, server.name);
          for (const rows of BATCHES) await measure(server, rows, results);
        } finally {
          await server.stop();
        }
      }
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  report([...results.values()]);
}

/**
 * @param {number[][]} expected
 * @param {number[][]} received
 * @param {string} name
 */
function checkSame(expected, received, name) {
  const [all, other] = [expected.flat(), received.flat()];
  const isSame = all.every((value, at) => Math.abs(value - (other[at] ?? Number.NaN)) < 1e-5);
  if (!isSame) throw new Error(`${name} gives other numbers: it is not the same model`);
}

/**
 * @param {import('./servers.mjs').Running} server
 * @param {number} rows
 * @param {Map<string, Measured>} results
 */
async function measure({ name, url }, rows, results) {
  const asked = { url, body: bodyOf(rows), connections: Number(options.connections) };
  await load(tool, { ...asked, seconds: Math.max(1, seconds / 5) });
  const answered = await load(tool, { ...asked, seconds });
  const key = `${name} ${rows}`;
  const measured = results.get(key) ?? {
    ...{ name, rows, requests: [], p50: [], p99: [], p999: [], errors: 0 },
  };
  measured.requests.push(answered.requests);
  measured.p50.push(answered.p50);
  measured.p99.push(answered.p99);
  measured.p999.push(answered.p999);
  measured.errors += answered.errors;
  results.set(key, measured);
}

/** @param {readonly Measured[]} all */
function report(all) {
  const machine = `${cpus()[0]?.model ?? 'unknown'}, ${cpus().length} cores, Node ${process.versions.node}`;
  console.log(
    `${machine}; ${rounds} rounds of ${seconds} s, ${options.connections} connections, ${tool}`,
  );
  for (const rows of BATCHES) {
    console.log(
      `\n| ${rows} ${rows === 1 ? 'row' : 'rows'} a request | requests/s | p50 ms | p99 ms | p99.9 ms | errors |`,
    );
    console.log('| --- | --- | --- | --- | --- | --- |');
    const sides = all.filter((each) => each.rows === rows);
    for (const one of sides) {
      const cells = [one.requests, one.p50, one.p99, one.p999].map((list) => median(list));
      const [requests = 0, ...times] = cells;
      const milliseconds = times.map((time) => Number(time.toFixed(1)));
      console.log(
        `| ${[one.name, requests.toFixed(0), ...milliseconds, one.errors].join(' | ')} |`,
      );
    }
    const best = (/** @type {boolean} */ isOurs) =>
      sides
        .filter(({ name }) => name.startsWith('bitgrad') === isOurs)
        .reduce((most, { requests }) => Math.max(most, median(requests)), 0);
    if (best(false) > 0) {
      console.log(`\nthe best of each: ${(best(true) / best(false)).toFixed(1)} × the requests`);
    }
  }
  if (options.json) {
    const result = { date: new Date().toISOString(), machine, rounds, seconds, measured: all };
    writeFileSync(options.json, `${JSON.stringify(result, null, 2)}\n`);
  }
}

/** @param {readonly number[]} list */
function median(list) {
  const sorted = [...list].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [above = 0, below = above] = [sorted[middle], sorted[middle - 1]];
  return sorted.length % 2 === 1 ? above : (above + below) / 2;
}
