// Cells that are no package manager's: other engines, and places where things are not as usual.

import { createHash } from 'node:crypto';
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { executableOf } from '../engines.mjs';
import { run } from '../run.mjs';
import { LOCKED, npm, npmInstall } from './managers.mjs';
import { proofIn, prove, scriptIn, TRAIN } from './prove.mjs';
import { proveInRoot, proveOnArm64, whyNoRoot } from './roots.mjs';
import { proveOnWindows, whyNoWindows } from './windows.mjs';

/** @typedef {import('./matrix.mjs').Site} Site */
/** @typedef {import('./prove.mjs').Proof} Proof */

const thisNode = { command: process.execPath, args: [] };
/** A user who may write nowhere but where everybody may. */
const NOBODY = '65534';

/** @type {readonly import('./matrix.mjs').Cell[]} */
export const PLACES = [
  ...['Node 22', 'Node 24'].map((name) => ({
    name,
    run: (/** @type {Site} */ { folder, installed }) => {
      const launch = { command: executableOf(name), args: [] };
      return prove(launch, installed, { model: join(folder, 'm.safetensors') });
    },
  })),
  { name: 'offline, from npm’s cache', run: offline },
  { name: 'without optional packages', run: withoutOptional },
  { name: 'a read-only folder', run: readOnly },
  { name: 'two worker_threads', run: workers },
  { name: 'external buffers refused', run: refusedBuffers },
  { name: 'addon deleted', run: deletedAddon },
  { name: 'a bare root, glibc', whyNot: whyNoRoot, run: (site) => proveInRoot(site, 'glibc') },
  {
    name: 'a bare root, musl',
    isElsewhere: true,
    whyNot: whyNoRoot,
    run: (site) => proveInRoot(site, 'musl'),
  },
  { name: 'arm64, glibc, emulated', isElsewhere: true, run: (site) => proveOnArm64(site, 'glibc') },
  { name: 'arm64, musl, emulated', isElsewhere: true, run: (site) => proveOnArm64(site, 'musl') },
  { name: 'Windows, under Wine', isElsewhere: true, whyNot: whyNoWindows, run: proveOnWindows },
];

/** @param {Site} site */
async function offline({ folder, installed }) {
  for (const name of LOCKED) cpSync(join(installed, name), join(folder, name));
  await npm(folder, ['ci', '--offline']);
  return prove(thisNode, folder);
}

/** @param {Site} site */
async function withoutOptional({ folder }) {
  await npmInstall(folder, ['--omit=optional']);
  return prove(thisNode, folder, { backend: 'wasm' });
}

/** @param {Site} site */
async function readOnly({ folder, installed }) {
  const model = join(folder, 'm.safetensors');
  // Whoever may do everything writes in read-only folders too.
  const isRoot = process.getuid?.() === 0;
  if (!isRoot) return prove(thisNode, installed, { model });
  chmodSync(dirname(folder), 0o755);
  chmodSync(folder, 0o777);
  const args = [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', process.execPath];
  return prove({ command: 'setpriv', args }, installed, { model, env: { HOME: '/nonexistent' } });
}

/**
 * Trains in two threads of a process at once, which must come to the same.
 * @param {Site} site
 */
async function workers({ folder, installed }) {
  const argv = (/** @type {string} */ name) => [...TRAIN, '--out', join(folder, name)];
  const program = `
    import { Worker } from 'node:worker_threads';
    const start = (argv) => new Promise((resolve, reject) => {
      const worker = new Worker(${JSON.stringify(scriptIn(installed))}, { argv, stdout: true });
      let output = '';
      worker.stdout.on('data', (text) => { output += text; });
      worker.on('error', reject).on('exit', () => resolve(output));
    });
    const outputs = await Promise.all(${JSON.stringify([argv('1.safetensors'), argv('2.safetensors')])}.map(start));
    console.log(JSON.stringify(outputs));
  `;
  const file = join(folder, 'workers.mjs');
  writeFileSync(file, program);
  const proofs = JSON.parse(await run(process.execPath, [file], { folder })).map(proofIn);
  if (proofs[0].digest !== proofs[1].digest) throw new Error('expected two equal digests');
  return proofs[0];
}

/**
 * A copy of what npm installed, which may be damaged, and the addon in it.
 * @param {Site} site
 */
async function copyOf({ folder, installed }) {
  cpSync(join(installed, 'node_modules'), join(folder, 'node_modules'), { recursive: true });
  const doctor = await run(process.execPath, [scriptIn(folder), 'doctor', '--json'], { folder });
  const path = JSON.parse(doctor).addon?.path;
  return { addon: /** @type {string} */ (path) };
}

/** @param {Site} site */
async function deletedAddon(site) {
  const { addon } = await copyOf(site);
  rmSync(addon);
  return prove(thisNode, site.folder, { backend: 'wasm' });
}

/**
 * Electron lets no addon show JavaScript memory of its own: the addon asks here for a function of
 * another name, which refuses as Electron's does.
 * @param {Site} site
 */
async function refusedBuffers(site) {
  const { addon } = await copyOf(site);
  const bytes = readFileSync(addon);
  const at = bytes.indexOf('napi_create_external_arraybuffer\0');
  if (at < 0) throw new Error('expected an addon that shares its memory');
  bytes.write('napi_create_refused__arraybuffer', at);
  writeFileSync(addon, bytes);
  writeFileSync(`${addon}.sha256`, createHash('sha256').update(bytes).digest('hex'));
  // The linker takes a space in LD_PRELOAD for the end of a name.
  const refusal = mkdtempSync(join(tmpdir(), 'bitgrad-refusal-'));
  try {
    const library = join(refusal, 'refusal.so');
    // napi_no_external_buffers_allowed
    const source = 'int napi_create_refused__arraybuffer(void) { return 22; }\n';
    writeFileSync(join(refusal, 'refusal.c'), source);
    await run('cc', ['-shared', '-fPIC', '-o', library, join(refusal, 'refusal.c')]);
    return await prove(thisNode, site.folder, { backend: 'wasm', env: { LD_PRELOAD: library } });
  } finally {
    rmSync(refusal, { recursive: true, force: true });
  }
}
