// Writes the figures of docs/performance.md and its plots from the results of `pnpm bench` in
// bench/results/, the newest first:
//
//   node bench/report.mjs

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { replaceFigures } from './report/document.mjs';
import { plotGemm, plotTasks } from './report/plot.mjs';

const place = (/** @type {string} */ path) => fileURLToPath(new URL(path, import.meta.url));

/** @param {string} file @returns {import('./bench.mjs').Result} */
function readResult(file) {
  const result = JSON.parse(readFileSync(file, 'utf8'));
  if (Array.isArray(result.tasks) && result.tasks.length > 0) return result;
  throw new SyntaxError('it has no tasks');
}

/** The results that are kept, the newest first. */
export function readResults() {
  const folder = place('results/');
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return files
    .map((name) => readResult(`${folder}${name}`))
    .sort((a, b) => b.date.localeCompare(a.date));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const results = readResults();
  const newest = /** @type {import('./bench.mjs').Result} */ (results[0]);
  const document = place('../docs/performance.md');
  writeFileSync(document, replaceFigures(readFileSync(document, 'utf8'), results));
  writeFileSync(place('../docs/performance.svg'), plotTasks(newest.tasks));
  writeFileSync(place('../docs/performance-gemm.svg'), plotGemm(newest.tasks));
}
