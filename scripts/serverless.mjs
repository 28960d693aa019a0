// What a serverless function with a model takes: bundles one by esbuild, for Node and without what only
// Node can do, runs it in an empty folder, where there is no native addon, compares its answer with the
// library's, and says how large its zip is and how soon a fresh Node answers, beside Node alone. Build first.
//
//   node scripts/serverless.mjs

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { deflateRawSync } from 'node:zlib';
import { root, run } from './run.mjs';

const STARTS = 9;
const examples = join(root, 'examples');
const { build } = createRequire(join(examples, 'package.json'))('esbuild');
const { train } = await import(
  pathToFileURL(join(root, 'packages/cli/dist/library/index.js')).href
);

const flower = [1.4, 0.2, 5.1, 3.5];
/** A function as clouds have them, and a call of it. */
const HANDLER = `
import { load } from 'bitgrad';
import bytes from './model.bin';
const model = load(bytes);
export const handler = async (event) => (await model).predict(event);
console.log(JSON.stringify((await handler(${JSON.stringify(flower)})).probabilities));
`;

/**
 * The median seconds that a fresh Node takes.
 * @param {string[]} args
 * @param {string} folder
 */
async function time(args, folder) {
  const times = [];
  for (let at = 0; at < STARTS; at += 1) {
    const begun = performance.now();
    await run(process.execPath, args, { folder });
    times.push((performance.now() - begun) / 1000);
  }
  return times.sort((a, b) => a - b)[STARTS >> 1] ?? Number.NaN;
}

const source = mkdtempSync(join(examples, '.readme-'));

/**
 * Bundles the function for a platform and says what that takes.
 * @param {'node' | 'browser'} platform for `browser`, there are no readers of files in it
 * @param {string} expected what it must answer
 */
async function measure(platform, expected) {
  const folder = mkdtempSync(join(tmpdir(), 'bitgrad-serverless-'));
  try {
    const bundle = join(folder, 'handler.mjs');
    await build({
      entryPoints: [join(source, 'handler.mjs')],
      outfile: bundle,
      bundle: true,
      minify: true,
      format: 'esm',
      platform,
      target: 'node20',
      external: ['@bitgrad/core-native'],
      loader: { '.bin': 'binary' },
      logLevel: 'error',
    });
    // A line on stderr says which backend there is not.
    const answer =
      (await run(process.execPath, [bundle], { folder })).trim().split('\n').at(-1) ?? '';
    if (JSON.stringify(Object.values(JSON.parse(answer))) !== expected) {
      throw new Error(`expected ${expected}, received ${answer}`);
    }
    const code = readFileSync(bundle);
    const zipped = deflateRawSync(code, { level: 9 }).length;
    const bare = await time(['-e', '0'], folder);
    const first = await time([bundle], folder);
    console.log(`for ${platform}: ${kilobytes(code.length)}, zipped ${kilobytes(zipped)}`);
    console.log(`  first answer ${first.toFixed(3)} s, Node alone ${bare.toFixed(3)} s`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {number} bytes */
const kilobytes = (bytes) => `${(bytes / 1e3).toFixed(0)} kB`;

try {
  const model = await train(join(examples, 'data', 'flowers.csv'), { label: 'kind', seed: 1 });
  writeFileSync(join(source, 'model.bin'), await model.toBytes());
  writeFileSync(join(source, 'handler.mjs'), HANDLER);
  const expected = JSON.stringify([...model.predict(flower).probabilities]);
  for (const platform of /** @type {const} */ (['node', 'browser']))
    await measure(platform, expected);
} finally {
  rmSync(source, { recursive: true, force: true });
}
