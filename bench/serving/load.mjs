// Asks a server as fast as it answers, by wrk or by autocannon. The load runs on the machine that it measures:
// wrk, in C, leaves more of it to the server, and is taken where it is there (Debian's package wrk).

import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import autocannon from 'autocannon';

/**
 * @typedef {object} Load
 * @property {string} url
 * @property {string} body of a POST, JSON
 * @property {number} connections
 * @property {number} seconds
 *
 * @typedef {object} Answered
 * @property {number} requests a second
 * @property {number} p50 milliseconds
 * @property {number} p99
 * @property {number} p999
 * @property {number} errors
 */

const TOOLS = /** @type {const} */ (['wrk', 'autocannon']);

/** The tool that is here, or is asked for. @param {string} [wanted] */
export function loadTool(wanted) {
  const isHere = spawnSync('wrk', ['--version']).error === undefined;
  const tool = wanted ?? (isHere ? 'wrk' : 'autocannon');
  const found = TOOLS.find((name) => name === tool);
  if (found === undefined) throw new Error(`expected ${TOOLS.join(' or ')}, received ${tool}`);
  if (found === 'wrk' && !isHere) throw new Error('expected wrk, which is not here');
  return found;
}

/**
 * @param {(typeof TOOLS)[number]} tool
 * @param {Load} load
 * @returns {Promise<Answered>}
 */
export function ask(tool, load) {
  return tool === 'wrk' ? byWrk(load) : byAutocannon(load);
}

/** @param {Load} load @returns {Promise<Answered>} */
async function byAutocannon({ url, body, connections, seconds }) {
  const { requests, latency, errors, non2xx, timeouts, duration } = await autocannon({
    ...{ url, method: 'POST', headers: { 'content-type': 'application/json' } },
    ...{ body, connections, duration: seconds },
  });
  const { p50, p99, p99_9: p999 } = latency;
  return {
    requests: requests.total / duration,
    p50,
    p99,
    p999,
    errors: errors + non2xx + timeouts,
  };
}

/** What wrk prints at its end, as JSON; its times are microseconds. */
const SCRIPT = `
done = function(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\\n{"requests":%d,"microseconds":%d,"p50":%d,"p99":%d,"p999":%d,"errors":%d}\\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), latency:percentile(99.9),
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
`;

/** @param {Load} load @returns {Promise<Answered>} */
async function byWrk({ url, body, connections, seconds }) {
  const folder = mkdtempSync(join(tmpdir(), 'bitgrad-wrk-'));
  try {
    const script = join(folder, 'load.lua');
    const request = `wrk.method = 'POST'\nwrk.headers['content-type'] = 'application/json'\nwrk.body = '${body}'\n`;
    writeFileSync(script, request + SCRIPT);
    const words = ['-t', '1', '-c', String(connections), '-d', `${Math.ceil(seconds)}s`];
    const { stdout } = await promisify(execFile)('wrk', [...words, '-s', script, url]);
    const told = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
    const [p50, p99, p999] = [told.p50, told.p99, told.p999].map((time) => time / 1000);
    const times = { p50: p50 ?? 0, p99: p99 ?? 0, p999: p999 ?? 0 };
    return { requests: told.requests / (told.microseconds / 1e6), ...times, errors: told.errors };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
