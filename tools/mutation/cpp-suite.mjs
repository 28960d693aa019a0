// The suite on an addon with a change, up to the first case that fails; of it those cases whose numbers are given, or
// all, and then for each what it took and came across:
//
//   node cpp-suite.mjs <folder> 3,14,15
//   node cpp-suite.mjs <folder> all <file>

import { openSync, readSync, writeFileSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { suite } from '../../packages/conformance/dist/index.js';
import { Random } from '../fuzz/random.mjs';
import { programs } from '../sanitize/programs.mjs';

const [folder, chosen, file] = process.argv.slice(2);
const { nativeBackend } = await import(pathToFileURL(resolve(folder, 'dist', 'index.js')).href);
/** Alone, and in a team that has a first, a last and one between. */
const TEAMS = [1, 3];
/** Slow, and of nothing that others do not run. */
const LEFT_OUT = ['random'];
const PROGRAMS = 60;

const cases = [
  ...suite().filter(({ group }) => !LEFT_OUT.includes(group)),
  ...Array.from({ length: PROGRAMS }, (_, at) => ({
    run: (backend) => programs(new Random(1, 'mutation', at), backend),
  })),
];

/** The changes that are come across from now on until it is called again (mutant.h). */
const reached =
  process.env.BITGRAD_MUTANTS_REACHED && openSync(process.env.BITGRAD_MUTANTS_REACHED, 'r+');
const MOST = 4096;
function readReached() {
  const marks = new Uint8Array(MOST);
  readSync(reached, marks, 0, MOST, 0);
  writeSync(reached, new Uint8Array(MOST), 0, MOST, 0);
  return [...marks.keys()].filter((id) => marks[id] !== 0);
}

const told = [];
try {
  for (const at of chosen === 'all' ? cases.keys() : chosen.split(',').map(Number)) {
    const begun = performance.now();
    await cases[at].run(nativeBackend({ isa: 'sse2', threads: TEAMS[at % TEAMS.length] }));
    if (reached) told.push({ at, milliseconds: performance.now() - begun, reached: readReached() });
  }
  if (file) writeFileSync(file, JSON.stringify(told));
} catch (error) {
  console.log(String(error.message).split('\n')[0]);
  process.exit(1);
}
