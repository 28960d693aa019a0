// Asks `bitgrad serve` as many requests as time allows, some of them wrong, and watches its memory.
//
//   node bench/serving/soak.mjs                                     10 minutes, or 10,000,000 requests
//   node bench/serving/soak.mjs --minutes 1 --requests 100000 --workers 1

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import autocannon from 'autocannon';
import { ask, bodyOf, startBitgrad, writeModel } from './servers.mjs';

const { values: options } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    requests: { type: 'string', default: '10000000' },
    workers: { type: 'string', default: '0' },
    connections: { type: 'string', default: '16' },
  },
});
const most = Number(options.requests);
const end = performance.now() + 60_000 * Number(options.minutes);

/** So many of each in a turn, between which memory is looked at. */
const TURN = Math.min(20_000, most);
const headers = { 'content-type': 'application/json' };
const KINDS = [
  { name: 'one row', status: '2xx', share: 0.9, body: bodyOf(1) },
  { name: '64 rows', status: '2xx', share: 0.09, body: bodyOf(64) },
  { name: 'wrong', status: '4xx', share: 0.01, body: '{"instances":[[1,2,"x"]]}' },
];

const folder = mkdtempSync(join(tmpdir(), 'bitgrad-soak-'));
/** @type {{ requests: number, megabytes: number }[]} */
const samples = [];
let sent = 0;
let failures = 0;
try {
  await writeModel(folder);
  const server = await startBitgrad(folder, Number(options.workers));
  try {
    const expected = String(await ask(server.url, 64));
    while (sent < most && performance.now() < end) {
      for (const { status, share, body } of KINDS) {
        const amount = Math.max(Number(options.connections), Math.round(share * TURN));
        const load = { url: server.url, method: /** @type {const} */ ('POST'), headers, body };
        const result = await autocannon({
          ...load,
          amount,
          connections: Number(options.connections),
        });
        sent += amount;
        const answered = result[/** @type {'2xx' | '4xx'} */ (status)];
        failures += amount - answered;
      }
      if (String(await ask(server.url, 64)) !== expected)
        throw new Error('other numbers than before');
      samples.push({ requests: sent, megabytes: await residentMegabytes(server.origin) });
      process.stderr.write(`\r${sent} requests, ${samples.at(-1)?.megabytes.toFixed(0)} MB`);
    }
  } finally {
    process.stderr.write('\n');
    await server.stop();
  }
} finally {
  rmSync(folder, { recursive: true });
}
const quarter = Math.max(1, samples.length >> 2);
const meanOf = (/** @type {typeof samples} */ part) =>
  part.reduce((sum, { megabytes }) => sum + megabytes, 0) / part.length;
console.log(
  `${sent} requests, ${failures} not answered as they should be; resident memory ` +
    `${meanOf(samples.slice(0, quarter)).toFixed(1)} MB in the first quarter, ` +
    `${meanOf(samples.slice(-quarter)).toFixed(1)} MB in the last, ` +
    `${Math.max(...samples.map(({ megabytes }) => megabytes)).toFixed(1)} MB at most`,
);
process.exitCode = failures === 0 ? 0 : 1;

/** @param {string} origin */
async function residentMegabytes(origin) {
  const text = await (await fetch(`${origin}/metrics`)).text();
  return Number(/^process_resident_memory_bytes (\d+)$/m.exec(text)?.[1]) / 1e6;
}
