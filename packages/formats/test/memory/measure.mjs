// Measures the peak memory of loading and training a large CSV:
//
//   node packages/formats/test/memory/measure.mjs [rows] [standardize]
//
// Writes a table of 20 numbers and a text label (1,000,000 rows by default) to a temporary file,
// loads it and trains one epoch in a process of its own, and compares the largest resident set with
// the promise: three times the data as binary32, and 200 MB. Exits 1 if it is broken.

import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const columns = 20;
const megabyte = 1e6;
const rows = Number(process.argv[2] ?? 1_000_000);
const standardize = process.argv[3] === 'standardize';
const folder = mkdtempSync(join(tmpdir(), 'bitgrad-memory-'));
try {
  const path = join(folder, 'large.csv');
  writeTable(path);
  const program = fileURLToPath(new URL('train-table.mjs', import.meta.url));
  const output = execFileSync(process.execPath, [program, path, String(standardize)]);
  const measured = JSON.parse(output.toString());
  const limit = (3 * rows * columns * 4) / megabyte + 200;
  console.log({ rows, columns, standardize, ...measured, limit });
  if (measured.peak > limit) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Pseudo-random numbers (a linear congruence); the label says whether their sum is above 0. */
function writeTable(path) {
  const file = openSync(path, 'w');
  let state = 1;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state / 2 ** 32) * 100 - 50;
  };
  writeSync(file, `${Array.from({ length: columns }, (_, i) => `f${i}`).join(',')},label\n`);
  for (let row = 0; row < rows; row += 1000) {
    const lines = Array.from({ length: Math.min(1000, rows - row) }, () => {
      const numbers = Array.from({ length: columns }, next);
      const sum = numbers.reduce((total, number) => total + number, 0);
      return `${numbers.map((number) => number.toFixed(4)).join(',')},${sum > 0 ? 'yes' : 'no'}\n`;
    });
    writeSync(file, lines.join(''));
  }
  closeSync(file);
}
