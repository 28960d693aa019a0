// How long one training keeps the event loop, in pieces of its own processor time: of MNIST, and of a CSV file of
// many rows, twice each, for the first loads modules and compiles.
//
//   node tools/soak/one-training.mjs [--backend native] [--rows 100000]
//
// Exits with 1 where a piece is longer than LONGEST. Build first.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { train } from '../../packages/cli/dist/library/index.js';
import { watchLoop } from './loop-work.mjs';

/** In milliseconds. */
const LONGEST = 50;

const { values } = parseArgs({
  options: {
    backend: { type: 'string', default: 'auto' },
    rows: { type: 'string', default: '100000' },
  },
});
const { backend } = values;

const HEADER = 'a,b,c,d,e,f,g,h,kind';
const rowAt = (at) =>
  [
    ...[Math.sin(at), (at * 7919) % 100, at % 13, ['x', 'y', 'z'][(at * 31) % 3]],
    ...[Math.cos(at), at % 7, at % 11, at * 0.5, `k${(at * at) % 4}`],
  ].join();

const folder = mkdtempSync(join(tmpdir(), 'bitgrad-loop-'));
try {
  const table = join(folder, 'table.csv');
  const rows = Array.from({ length: Number(values.rows) }, (_, at) => rowAt(at));
  writeFileSync(table, [HEADER, ...rows, ''].join('\n'));
  await watch('MNIST', 'mnist', { recipe: 'mnist', layers: [784, 16, 10], epochs: 1 });
  await watch(`CSV of ${values.rows} rows`, table, { label: 'kind', layers: [32, 16], epochs: 2 });
} finally {
  rmSync(folder, { recursive: true });
}

async function watch(name, data, options) {
  for (const seed of [0, 1]) {
    const before = process.cpuUsage();
    const loop = watchLoop();
    const model = await train(data, { ...options, seed, backend });
    const work = loop.end();
    await model.close();
    const { user, system } = process.cpuUsage(before);
    const longest = work === null ? 'not known here' : `${work.longest.toFixed(1)} ms`;
    console.log(
      `${name}, ${model.backend.name}, seed ${seed}: longest piece ${longest}, processor ${((user + system) / 1000).toFixed(0)} ms, weights ${model.receipt.weightsSha256.slice(0, 16)}`,
    );
    if (work !== null && work.longest > LONGEST) process.exitCode = 1;
  }
}
