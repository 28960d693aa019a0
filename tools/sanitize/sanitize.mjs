// Builds the addon with the compiler's sanitizers and runs what drive.mjs does under them:
//
//   node tools/sanitize/sanitize.mjs [address | thread] [--all | --isa NAME] [--every N] [--programs N] [--seed N]
//
// First, mistakes that are planted (test/one_isa.cc) must be found. Exits with 1 on anything else that is.
// It takes Linux on x86-64 with g++; for neon what scripts/arm64.mjs takes. Build first.

import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { COMPILER, LIBRARIES, TARGET } from '../../scripts/arm64.mjs';
import { arm64Node, missing } from '../../scripts/require.mjs';
import { RunError, root, run, stage } from '../../scripts/run.mjs';

const native = join(root, 'packages', 'core-native');
const drive = fileURLToPath(new URL('drive.mjs', import.meta.url));

/** @typedef {{ kind: string, flags: string, library: string, planted: Record<string, RegExp> }} Sanitizer */

/** @type {Sanitizer[]} */
const SANITIZERS = [
  {
    kind: 'address',
    flags: 'address,undefined',
    library: 'libasan.so',
    planted: {
      before: /AddressSanitizer: heap-buffer-overflow/,
      between: /AddressSanitizer: use-after-poison/,
      shift: /runtime error: shift exponent/,
    },
  },
  {
    kind: 'thread',
    flags: 'thread',
    library: 'libtsan.so',
    planted: { race: /ThreadSanitizer: data race/ },
  },
];

/** Node frees little at its end, and its stacks are no business of the addon's. */
const ENVIRONMENT = {
  ASAN_OPTIONS: 'detect_leaks=0:halt_on_error=1:allocator_may_return_null=1',
  UBSAN_OPTIONS: 'halt_on_error=1:print_stacktrace=1',
  // Node and V8 are built without it, and what they do between themselves cannot be judged.
  TSAN_OPTIONS: 'halt_on_error=1:ignore_noninstrumented_modules=1',
};

/** Whether this machine can do it. */
export function hasSanitizers() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return false;
  return SANITIZERS.every(({ library }) => pathOf(library) !== null);
}

/** Where a compiler has a library, or null. */
function pathOf(library, compiler = 'g++') {
  const { stdout } = spawnSync(compiler, [`-print-file-name=${library}`], { encoding: 'utf8' });
  const path = stdout?.trim() ?? '';
  return path.includes('/') ? path : null;
}

/** The kernels that are checked: of the widest vectors that AVX2 makes, else the least. */
function isasHere(isAll) {
  const has = (flag) => new RegExp(`\\b${flag}\\b`).test(readFileSync('/proc/cpuinfo', 'utf8'));
  const isas = [
    ...(has('avx2') ? ['halves'] : []),
    'sse2',
    ...(has('avx2') ? ['avx2'] : []),
    ...(has('avx512bw') ? ['avx512'] : []),
    ...(missing('arm64') ? [] : ['neon']),
  ];
  return isAll ? isas : isas.slice(0, 1);
}

async function build({ kind, flags }, isa) {
  const isNeon = isa === 'neon';
  const folder = join(native, 'build', 'sanitize', isNeon ? `${kind}-neon` : kind);
  const out = join(folder, 'build');
  const cmakeJs = createRequire(join(native, 'package.json')).resolve('cmake-js/bin/cmake-js');
  const configure = [cmakeJs, 'configure', '--config', 'Release', '--out', out];
  const words = [...configure, `--CDBITGRAD_SANITIZE=${flags}`, ...(isNeon ? TARGET : [])];
  await run(process.execPath, words, { folder: native });
  const targets = [`sanitized_${isa}`, ...(kind === 'address' ? ['poison'] : [])];
  const jobs = String(availableParallelism());
  await run('cmake', ['--build', out, '--target', ...targets, '--parallel', jobs]);
  cpSync(join(native, 'dist'), join(folder, 'dist'), { recursive: true });
  cpSync(join(out, 'Release', `sanitized_${isa}.node`), join(out, 'Release', 'bitgrad.node'));
  return folder;
}

/** Runs drive.mjs with the sanitizer's library in front of all others. */
function underSanitizer({ kind, library }, isa, folder, words, env = {}) {
  const isNeon = isa === 'neon';
  const compiler = isNeon ? COMPILER : 'g++';
  const libraries = [library, ...(kind === 'address' ? ['libubsan.so'] : [])];
  const preload = libraries.map((name) => pathOf(name, compiler)).join(':');
  const line = [drive, folder, kind, ...words];
  if (!isNeon)
    return run(process.execPath, line, { env: { ...ENVIRONMENT, LD_PRELOAD: preload, ...env } });
  // The sanitizer takes addresses to have the 39 bits that its stack's has; V8 would ask for more.
  const emulated = ['-R', '0x8000000000', '-L', LIBRARIES, '-E', `LD_PRELOAD=${preload}`];
  return run('qemu-aarch64', [...emulated, arm64Node, '--single-threaded', ...line], {
    env: { ...ENVIRONMENT, ...env },
  });
}

async function expectFound(sanitizer, isa, folder) {
  for (const [name, report] of Object.entries(sanitizer.planted)) {
    const output = await underSanitizer(sanitizer, isa, folder, ['--planted'], {
      BITGRAD_PLANT: name,
    }).catch((error) => {
      if (!(error instanceof RunError)) throw error;
      return error.output;
    });
    if (report.test(output)) continue;
    throw new RunError(`finding what is planted (${name}: ${report})`, 1, output);
  }
}

/**
 * Builds and runs all. Throws RunError when anything is found.
 * @param {string[]} words for drive.mjs
 * @param {string[]} kinds of sanitizers; none are all
 */
export async function checkSanitizers(words = [], isas = isasHere(false), kinds = []) {
  for (const isa of isas) {
    for (const sanitizer of SANITIZERS) {
      if (kinds.length > 0 && !kinds.includes(sanitizer.kind)) continue;
      // The thread sanitizer does not start there: its memory is where the emulator has its own.
      if (isa === 'neon' && sanitizer.kind === 'thread') continue;
      const { kind } = sanitizer;
      const folder = await stage(`${kind} sanitizer, kernels ${isa}`, () => build(sanitizer, isa));
      await stage('finds what is planted', () => expectFound(sanitizer, isa, folder));
      const output = await stage('finds nothing else', () =>
        underSanitizer(sanitizer, isa, folder, words),
      );
      for (const line of output.trim().split('\n')) console.error(`  ${line}`);
    }
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const text = { type: 'string' };
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      all: { type: 'boolean', default: false },
      ...{ isa: text, every: text, programs: text, seed: text },
    },
  });
  const { all, isa, ...rest } = values;
  const words = Object.entries(rest).flatMap(([name, value]) => [`--${name}`, value]);
  if (!hasSanitizers()) {
    console.error('error: sanitizers: expected Linux on x86-64 with g++ and its libraries');
    process.exitCode = 1;
  } else {
    try {
      await checkSanitizers(words, isa ? [isa] : isasHere(all), positionals);
    } catch (error) {
      if (!(error instanceof RunError)) throw error;
      process.exitCode = error.exitCode;
    }
  }
}
