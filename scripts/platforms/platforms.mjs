// Builds the native addon for every platform that a package is published for, with zig as a cross
// compiler, checks each, and packs it into packs/platforms/. A release's step; Linux only.
//
//   node scripts/platforms/platforms.mjs --install      brings zig and lief from PyPI into .engines/
//   node scripts/platforms/platforms.mjs [PLATFORM…]    builds, checks and packs; all by default
//
// Build first (npm run build). The first addon for a platform takes minutes: zig builds its C and C++
// libraries then, and keeps them.

import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { RunError, root, run, stage } from '../run.mjs';
import { PLATFORMS } from './table.mjs';

const native = join(root, 'packages', 'core-native');
const environment = join(root, '.engines', 'zig');
const python = join(environment, 'bin', 'python');
const packs = join(root, 'packs', 'platforms');
/** The most bytes that an addon may have. */
const LARGEST = 1_000_000;

/** @typedef {import('./table.mjs').Platform} Platform */

/** No SDK, and no path of this machine as the name of the library. */
const DARWIN = {
  CMAKE_OSX_SYSROOT: '',
  CMAKE_INSTALL_NAME_TOOL: '/bin/true',
  CMAKE_INSTALL_NAME_DIR: '@rpath',
  CMAKE_BUILD_WITH_INSTALL_NAME_DIR: 'ON',
};

async function installZig() {
  await run('python3', ['-m', 'venv', environment]);
  await run(python, ['-m', 'pip', 'install', '--quiet', 'ziglang==0.17.1', 'lief==1.0.0']);
}

/** The executable of zig, which its package for Python brings. */
function zigPath() {
  const lib = join(environment, 'lib');
  const version = existsSync(lib) ? readdirSync(lib)[0] : undefined;
  const zig = join(lib, version ?? '', 'site-packages', 'ziglang', 'zig');
  if (existsSync(zig)) return zig;
  throw new Error(`no ${zig}: node scripts/platforms/platforms.mjs --install brings it`);
}

/**
 * Writes zig's tools as programs of their own, since CMake wants each to be one word.
 * @param {string} folder
 * @param {Platform} platform
 */
function writeTools(folder, { target }) {
  mkdirSync(folder, { recursive: true });
  const tool = (/** @type {string} */ name, /** @type {string} */ words) => {
    const file = join(folder, name);
    writeFileSync(file, `#!/bin/sh\nexec "${zigPath()}" ${words} "$@"\n`, { mode: 0o755 });
    return file;
  };
  return {
    CMAKE_CXX_COMPILER: tool('c++', `c++ -target ${target}`),
    CMAKE_AR: tool('ar', 'ar'),
    CMAKE_RANLIB: tool('ranlib', 'ranlib'),
    CMAKE_RC_COMPILER: tool('rc', 'rc'),
  };
}

/**
 * What Windows' linker needs to find Node-API in node.exe: an import library, made of its symbols.
 * @param {string} folder
 * @param {Platform} platform
 */
async function makeImportLibrary(folder, { cpu }) {
  const headers = join(resolvePackage('node-api-headers'), 'def');
  const symbols = ['js_native_api.def', 'node_api.def'].flatMap((name) =>
    readFileSync(join(headers, name), 'utf8')
      .split(/\r?\n/)
      .filter((line) => /^\w+$/.test(line) && line !== 'EXPORTS'),
  );
  const definition = join(folder, 'node.def');
  writeFileSync(definition, ['NAME NODE.EXE', 'EXPORTS', ...symbols, ''].join('\n'));
  const library = join(folder, 'node.lib');
  const machine = cpu === 'arm64' ? 'arm64' : 'i386:x86-64';
  await run(zigPath(), [
    'dlltool',
    '-m',
    machine,
    '-D',
    'node.exe',
    '-d',
    definition,
    '-l',
    library,
  ]);
  return library;
}

/** @param {string} name of a package that core-native needs to build */
function resolvePackage(name) {
  const manifest = createRequire(join(native, 'package.json')).resolve(`${name}/package.json`);
  return join(manifest, '..');
}

/**
 * Builds the addon and returns its path.
 * @param {Platform} platform
 */
async function buildAddon(platform) {
  const { name, system, processor, os } = platform;
  const folder = join(native, 'build', 'platforms', name);
  const tools = writeTools(join(folder, 'tools'), platform);
  const includes = ['node-api-headers', 'node-addon-api'].map(resolvePackage);
  const options = {
    ...tools,
    CMAKE_BUILD_TYPE: 'Release',
    CMAKE_SYSTEM_NAME: system,
    CMAKE_SYSTEM_PROCESSOR: processor,
    CMAKE_JS_INC: `${join(includes[0] ?? '', 'include')};${includes[1]}`,
    CMAKE_SHARED_LINKER_FLAGS: os === 'darwin' ? '-s -undefined dynamic_lookup' : '-s',
    ...(os === 'darwin' ? DARWIN : {}),
    ...(os === 'win32' ? { CMAKE_JS_LIB: await makeImportLibrary(folder, platform) } : {}),
  };
  const definitions = Object.entries(options).map(([key, value]) => `-D${key}=${value}`);
  const out = join(folder, 'build');
  await run('cmake', ['-S', native, '-B', out, ...definitions]);
  const jobs = ['--parallel', String(availableParallelism())];
  await run('cmake', ['--build', out, '--target', 'bitgrad', ...jobs]);
  return join(out, 'bitgrad.node');
}

/**
 * Lays the platform's package out and packs it.
 * @param {Platform} platform
 * @param {string} addon
 */
async function pack({ name, os, cpu, libc }, addon) {
  const folder = join(native, 'build', 'platforms', name, 'package');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const { version, license, engines } = JSON.parse(
    readFileSync(join(native, 'package.json'), 'utf8'),
  );
  const manifest = {
    name: `@bitgrad/core-native-${name}`,
    version,
    description: `Bitgrad's native addon for ${name}`,
    license,
    os: [os],
    cpu: [cpu],
    ...(libc === undefined ? {} : { libc: [libc] }),
    engines,
    files: ['bitgrad.node', 'bitgrad.node.sha256', 'THIRD-PARTY.md'],
  };
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  writeFileSync(
    join(folder, 'README.md'),
    `# ${manifest.name}\n\nThe native addon of Bitgrad for ${name}. Install \`bitgrad\`, which brings the one that fits.\n`,
  );
  copyFileSync(join(root, 'LICENSE'), join(folder, 'LICENSE'));
  copyFileSync(join(native, 'THIRD-PARTY.md'), join(folder, 'THIRD-PARTY.md'));
  copyFileSync(addon, join(folder, 'bitgrad.node'));
  const digest = createHash('sha256').update(readFileSync(addon)).digest('hex');
  writeFileSync(join(folder, 'bitgrad.node.sha256'), `${digest}\n`);
  mkdirSync(packs, { recursive: true });
  await run('npm', ['pack', '--pack-destination', packs], { folder });
}

/** @param {readonly string[]} names */
function chosen(names) {
  const unknown = names.find((name) => !PLATFORMS.some((platform) => platform.name === name));
  if (unknown !== undefined) {
    const known = PLATFORMS.map(({ name }) => name).join(', ');
    throw new Error(`expected platforms among ${known}, received ${unknown}`);
  }
  return PLATFORMS.filter(({ name }) => names.length === 0 || names.includes(name));
}

/** @param {readonly string[]} names */
async function buildAll(names) {
  for (const platform of chosen(names)) {
    const addon = await stage(platform.name, () => buildAddon(platform));
    const { size } = statSync(addon);
    if (size > LARGEST) throw new Error(`${addon}: expected at most ${LARGEST} bytes, got ${size}`);
    const check = join(root, 'scripts', 'platforms', 'check-addon.py');
    const checked = await stage('its headers', () => run(python, [check, platform.name, addon]));
    console.error(`  ${checked.trim()}`);
    await pack(platform, addon);
  }
}

try {
  const words = process.argv.slice(2);
  if (words.includes('--install')) await stage('installing zig and lief', installZig);
  else await buildAll(words);
} catch (error) {
  if (!(error instanceof RunError)) console.error(`error: ${/** @type {Error} */ (error).message}`);
  process.exitCode = 1;
}
