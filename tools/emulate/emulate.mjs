// Runs the conformance suite on the kernels for AVX-512, on a machine that need not have it: in bochs, an
// emulated processor, with Debian's kernel, this Node and the addon as built. README.md holds the result.
//
//   node tools/emulate/emulate.mjs            everything
//   node tools/emulate/emulate.mjs trainings  some groups of the suite

import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nativeAddon } from '../../scripts/require.mjs';
import { RunError, root, run, stage } from '../../scripts/run.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const folder = join(root, 'runs', 'emulate');
/** What the emulated machine has for its files, all in memory. */
const tree = join(folder, 'tree');
/** What it starts from. */
const disc = join(folder, 'disc');

/** Copies a file or folder to a place in the emulated machine, following links. */
function place(from, to) {
  cpSync(realpathSync(from), join(tree, to), { recursive: true, dereference: true });
}

/** Fails unless the addon has instructions on registers of 64 bytes. */
async function checkAddon() {
  const code = await run('objdump', ['-d', '--no-show-raw-insn', nativeAddon]);
  const count = code.split('\n').filter((line) => line.includes('%zmm')).length;
  if (count === 0) throw new Error(`expected AVX-512 in ${nativeAddon}, received none: build it`);
  return count;
}

/** Brings the newest of Debian's small kernels by apt, once. */
async function fetchKernel() {
  const kernels = join(folder, 'kernel');
  if (existsSync(kernels)) return;
  const about = await run('apt-cache', ['depends', 'linux-image-cloud-amd64']);
  const name = /Depends: (linux-image-\S+)/.exec(about)?.[1];
  if (name === undefined) throw new Error(`expected the name of a kernel, received ${about}`);
  await run('apt-get', ['download', name], { folder });
  const archive = readdirSync(folder).find((file) => file.startsWith(`${name}_`)) ?? '';
  await run('dpkg-deb', ['--extract', archive, kernels], { folder });
}

/** Lays out Node, its libraries and the built packages as they are here. */
async function layOut() {
  for (const name of ['dev', 'proc', 'sys', 'tmp'])
    mkdirSync(join(tree, name), { recursive: true });
  place(join(here, 'init'), 'init');
  place(join(here, 'check.mjs'), 'tools/emulate/check.mjs');
  place('/bin/busybox', 'bin/busybox');
  place(process.execPath, 'bin/node');
  for (const [library] of (await run('ldd', [process.execPath])).matchAll(/\/\S+\.so\S*/g)) {
    place(library, library);
  }
  for (const name of ['core-ts', 'core-native', 'conformance']) {
    for (const part of ['dist', 'package.json']) {
      place(join(root, 'packages', name, part), `packages/${name}/${part}`);
    }
  }
  for (const addon of [nativeAddon, 'packages/core-native/build/Release/float_environment.node']) {
    const path = addon.replace(root, '');
    place(join(root, path), path);
  }
  place(join(root, 'packages/core-ts/node_modules/@noble'), 'node_modules/@noble');
  mkdirSync(join(tree, 'node_modules', '@bitgrad'));
  // One copy, so that an error's class is the same to all.
  symlinkSync('../../packages/core-ts', join(tree, 'node_modules', '@bitgrad', 'core'));
}

/** Makes image.iso, which starts Linux, which runs `init`. */
async function makeImage(groups) {
  const boot = join(folder, 'kernel', 'boot');
  const kernel = readdirSync(boot).find((file) => file.startsWith('vmlinuz')) ?? '';
  mkdirSync(disc, { recursive: true });
  cpSync(join(boot, kernel), join(disc, 'vmlinuz'));
  for (const file of [
    '/usr/lib/ISOLINUX/isolinux.bin',
    '/usr/lib/syslinux/modules/bios/ldlinux.c32',
  ]) {
    cpSync(file, join(disc, basename(file)));
  }
  const menu = readFileSync(join(here, 'isolinux.cfg'), 'utf8');
  writeFileSync(join(disc, 'isolinux.cfg'), menu.replace('@check@', groups.join(',')));
  const pack = `find . | cpio --quiet -o -H newc > ${join(disc, 'initrd')}`;
  await run('sh', ['-c', pack], { folder: tree });
  const start = ['-b', 'isolinux.bin', '-no-emul-boot', '-boot-load-size', '4', '-boot-info-table'];
  await run('xorriso', ['-as', 'mkisofs', '-quiet', ...start, '-o', 'image.iso', disc], { folder });
}

/** Runs the emulated machine until it switches itself off. Returns what it wrote. */
async function emulate() {
  // Debian's bochs stops in its debugger first, and knows no screen but a terminal, which `script` is.
  writeFileSync(join(folder, 'commands'), 'continue\nquit\n');
  const command = `bochs -q -f ${join(here, 'bochsrc')} -rc commands`;
  // A terminal that cannot hide its cursor: nobody reads the screen, and a blinking one would fill it up
  // until bochs waits for ever.
  const env = { TERM: 'vt100' };
  await run('script', ['-qec', command, '/dev/null'], { folder, env }).catch((error) => {
    // It ends with 1 when the machine is switched off: what was written to the serial line decides.
    if (!(error instanceof RunError)) throw error;
  });
  return readFileSync(join(folder, 'serial.txt'), 'utf8').replaceAll('\r', '');
}

const groups = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
for (const old of ['tree', 'disc', 'image.iso', 'image.iso.lock', 'serial.txt']) {
  rmSync(join(folder, old), { recursive: true, force: true });
}
try {
  console.log(`${await checkAddon()} instructions of the addon use registers of 64 bytes`);
  await stage('the kernel', fetchKernel);
  await stage('the image', async () => {
    await layOut();
    await makeImage(groups);
  });
  const written = await stage(`bochs; ${join(folder, 'serial.txt')} says how far it is`, emulate);
  console.log(written.slice(written.indexOf('model name')));
  if (!written.includes('check.mjs ended with 0\n')) process.exitCode = 1;
} catch (error) {
  if (error.code === 'ENOENT') {
    console.error(`error: expected ${error.path}, found none`);
    console.error('build first, and install the packages that tools/emulate/README.md names');
  } else if (!(error instanceof RunError)) throw error;
  process.exitCode = 1;
}
