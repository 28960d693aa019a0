// What users have: installs the tarballs in packs/ by every package manager, on every engine and in
// places that are unlike this one, trains there, and compares the digests with TypeScript's. Linux on x64.
//
//   node scripts/matrix/matrix.mjs --install   brings the package managers from npm
//   node scripts/matrix/matrix.mjs --musl      brings Node for musl from PyPI, and musl from Debian
//   node scripts/matrix/matrix.mjs --wine      brings Node for Windows from npm; Debian's wine64 must be there
//   node scripts/matrix/matrix.mjs [CELL…]     all cells by default; --list names them
//   node scripts/matrix/matrix.mjs --here      those that need no addon but this machine's
//
// Before: node scripts/engines.mjs --install, and npm run pack:all, or scripts/release.mjs, which alone
// makes the other platforms' addons.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RunError, stage } from '../run.mjs';
import { installManagers, MANAGERS, npmInstall } from './managers.mjs';
import { PLACES } from './places.mjs';
import { prove } from './prove.mjs';
import { startRegistry } from './registry.mjs';
import { installMusl } from './roots.mjs';
import { installWindows } from './windows.mjs';

/** @typedef {import('./prove.mjs').Proof} Proof */
/** @typedef {{ folder: string, url: string, installed: string }} Site where a cell works: a folder of
 *   its own, the registry, and a folder in which npm installed bitgrad */

/** @typedef {{ name: string, isElsewhere?: boolean, whyNot?: () => string | null,
 *   run: (site: Site) => Promise<Proof> }} Cell isElsewhere: it needs the addon of another platform;
 *   whyNot: why this machine cannot run it */

/** @type {readonly Cell[]} */
const CELLS = [
  ...MANAGERS.map(({ name, install }) => ({
    name,
    run: async (/** @type {Site} */ { folder, url }) => prove(await install(folder, url), folder),
  })),
  ...PLACES,
];

/**
 * An empty folder as a user's.
 * @param {string} folder
 * @param {string} url of the registry
 */
function makeUser(folder, url) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "name": "user", "version": "0.0.0" }\n');
  writeFileSync(join(folder, '.npmrc'), `registry=${url}\n`);
}

/** @param {readonly string[]} names */
function chosen(names) {
  const unknown = names.find((name) => !CELLS.some((cell) => cell.name === name));
  if (unknown !== undefined) {
    const known = CELLS.map(({ name }) => name).join('; ');
    throw new Error(`expected cells among ${known}, received ${unknown}`);
  }
  return CELLS.filter(({ name }) => names.length === 0 || names.includes(name));
}

/** @param {readonly Cell[]} cells */
async function runCells(cells) {
  // A name as people's folders have.
  const scratch = mkdtempSync(join(tmpdir(), 'bitgrad Fürst '));
  const registry = await startRegistry();
  let failures = 0;
  let left = 0;
  try {
    const { url } = registry;
    const installed = join(scratch, 'installed');
    makeUser(installed, url);
    await stage('installing by npm', () => npmInstall(installed, []));
    const thisNode = { command: process.execPath, args: [] };
    const how = { options: ['--backend', 'ts'], backend: 'ts' };
    const expected = await stage('TypeScript', () => prove(thisNode, installed, how));
    console.log(
      `${'TypeScript'.padEnd(34)} ${expected.digest.slice(0, 16)}  ${expected.backend} (${expected.isa})`,
    );
    for (const [at, cell] of cells.entries()) {
      const folder = join(scratch, `cell ${at}`);
      makeUser(folder, url);
      const reason = cell.whyNot?.() ?? null;
      if (reason !== null) {
        left += 1;
        console.log(`${cell.name.padEnd(34)} not run: ${reason}`);
        continue;
      }
      try {
        const proof = await stage(cell.name, () => cell.run({ folder, url, installed }));
        const same = proof.digest === expected.digest;
        if (!same) failures += 1;
        const note = proof.note === undefined ? '' : `  ${proof.note}`;
        const mark = same ? '' : '  DIFFERS';
        console.log(
          `${cell.name.padEnd(34)} ${proof.digest.slice(0, 16)}  ${proof.backend} (${proof.isa})${note}${mark}`,
        );
      } catch (error) {
        failures += 1;
        if (!(error instanceof RunError))
          console.error(`  ${/** @type {Error} */ (error).message}`);
        console.log(`${cell.name.padEnd(34)} failed`);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    }
  } finally {
    await registry.close();
    rmSync(scratch, { recursive: true, force: true });
  }
  const run = cells.length - left;
  console.log(`${run - failures} of ${run} cells have TypeScript's digest`);
  process.exitCode = failures === 0 ? 0 : 1;
}

try {
  const words = process.argv.slice(2);
  if (words.includes('--list')) console.log(CELLS.map(({ name }) => name).join('\n'));
  else if (words.includes('--install')) await stage('installing package managers', installManagers);
  else if (words.includes('--musl')) await stage('installing Node for musl', installMusl);
  else if (words.includes('--wine')) await stage('installing Node for Windows', installWindows);
  else if (words.includes('--here')) await runCells(CELLS.filter((cell) => !cell.isElsewhere));
  else await runCells(chosen(words));
} catch (error) {
  if (!(error instanceof RunError)) console.error(`error: ${/** @type {Error} */ (error).message}`);
  process.exitCode = 1;
}
