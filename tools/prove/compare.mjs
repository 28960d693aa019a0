// One worker of prove.mjs: compares the TypeScript function with the C++ one, bit by bit, on some units.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parentPort } from 'node:worker_threads';

const UNIT_SIZE = 2 ** 23;
const QUIET_NAN = 0x7fc00000;

const hex = (bits) => bits.toString(16).padStart(8, '0');

async function compare({ prover, dist, name, unit, count, stride }) {
  const module = await import(pathToFileURL(join(dist, `${name}.js`)).href);
  const evaluate = module[name];
  const words = ['values', name, unit, count, stride].map(String);
  const { stdout, status } = spawnSync(prover, words, { maxBuffer: 2 ** 30 });
  if (status !== 0) throw new Error(`The prover ended with ${status}.`);
  // A copy, because a view needs an offset that is a multiple of four.
  const expected = new Uint32Array(new Uint8Array(stdout).buffer);

  const inputBits = new Uint32Array(1);
  const input = new Float32Array(inputBits.buffer);
  const outputBits = new Uint32Array(1);
  const output = new Float32Array(outputBits.buffer);
  const result = { inputs: 0, mismatches: 0, examples: [] };
  for (let u = unit; u < unit + count; u++) {
    const start = u * UNIT_SIZE;
    for (let fraction = 0; fraction < UNIT_SIZE; fraction += stride) {
      inputBits[0] = start + fraction;
      const y = evaluate(input[0]);
      output[0] = y;
      const cpp = expected[result.inputs++];
      const bits = Number.isNaN(y) ? QUIET_NAN : outputBits[0];
      // The value must already be a binary32 one, so storing it must not change it.
      if (bits === cpp && (Number.isNaN(y) || output[0] === y)) continue;
      result.mismatches++;
      if (result.examples.length < 10) {
        result.examples.push({ input: hex(inputBits[0]), cpp: hex(cpp ?? 0), ts: hex(bits) });
      }
    }
  }
  if (result.inputs !== expected.length) throw new Error('The prover wrote too few values.');
  return result;
}

parentPort.on('message', async (task) => parentPort.postMessage(await compare(task)));
