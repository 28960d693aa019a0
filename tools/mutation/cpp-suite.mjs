// A part of the suite on an addon with a change, up to the first case that fails:
//
//   node cpp-suite.mjs <folder> <every>

import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { suite } from '../../packages/conformance/dist/index.js';
import { Random } from '../fuzz/random.mjs';
import { programs } from '../sanitize/programs.mjs';

const [folder, every] = process.argv.slice(2);
const { nativeBackend } = await import(pathToFileURL(resolve(folder, 'dist', 'index.js')).href);
/** Alone, and in a team that has a first, a last and one between. */
const TEAMS = [1, 3];
/** Slow, and of nothing that others do not run. */
const LEFT_OUT = ['random'];
/** Each on both teams. */
const PROGRAMS = 30;

try {
  const groups = new Map();
  for (const one of suite()) {
    if (LEFT_OUT.includes(one.group)) continue;
    const at = groups.get(one.group) ?? 0;
    groups.set(one.group, at + 1);
    if (at % Number(every) !== 0) continue;
    const threads = TEAMS[(at / Number(every)) % TEAMS.length];
    await one.run(nativeBackend({ isa: 'sse2', threads }));
  }
  for (let at = 0; at < PROGRAMS; at += 1) {
    programs(new Random(1, 'mutation', at), nativeBackend({ isa: 'sse2', threads: TEAMS[at % 2] }));
  }
} catch (error) {
  console.log(String(error.message).split('\n')[0]);
  process.exit(1);
}
