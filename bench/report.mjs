// Writes the figures of docs/performance.md and its plots from a result of `pnpm bench`:
//
//   node bench/report.mjs [bench/results/NAME.json]

import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { replaceFigures } from './report/document.mjs';
import { plotGemm, plotTasks } from './report/plot.mjs';

const place = (/** @type {string} */ path) => fileURLToPath(new URL(path, import.meta.url));
const [file = place('results/epyc-2-cores.json')] = process.argv.slice(2);

/** @returns {import('./bench.mjs').Result | null} */
function readResult() {
  try {
    const result = JSON.parse(readFileSync(file, 'utf8'));
    return Array.isArray(result.tasks) && result.tasks.length > 0 ? result : null;
  } catch {
    return null;
  }
}

const result = readResult();
if (result === null) {
  process.stderr.write(`error: expected a result of \`pnpm bench --json\`, received ${file}\n`);
  process.exitCode = 1;
} else {
  const document = place('../docs/performance.md');
  writeFileSync(document, replaceFigures(readFileSync(document, 'utf8'), result));
  writeFileSync(place('../docs/performance.svg'), plotTasks(result.tasks));
  writeFileSync(place('../docs/performance-gemm.svg'), plotGemm(result.tasks));
}
