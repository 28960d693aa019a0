// Runs cases of the conformance suite on WebAssembly, whose memory no sanitizer watches, with canaries
// between the slices of every program:
//
//   node tools/sanitize/canaries.mjs [--every N]

import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { suite } from '../../packages/conformance/dist/index.js';
import { wasmBackend } from '../../packages/core-wasm/dist/index.js';
import { canaries, guarded } from './guarded.mjs';

/** @param {number} every of so many cases one is run. @returns how many were */
export async function checkCanaries(every) {
  const backends = await Promise.all([1, 2, 3].map((threads) => wasmBackend({ threads })));
  const cases = suite().filter((_, at) => at % every === 0);
  for (const [at, one] of cases.entries()) {
    await one.run(guarded(backends[at % backends.length], canaries));
  }
  return cases.length;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { every: { type: 'string', default: '10' } } });
  console.log(`canaries: alive after ${await checkCanaries(Number(values.every))} cases`);
  process.exit();
}
