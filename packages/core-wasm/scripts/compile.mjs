// Compiles core-native's kernels to a WebAssembly module, by a clang that is itself WebAssembly and
// comes from npm: no compiler need be installed, and every machine makes the same bytes.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { opsHeader } from '../../core-native/scripts/ops-header.mjs';

const folder = fileURLToPath(new URL('..', import.meta.url));
const kernelFolder = fileURLToPath(new URL('../../core-native/src/', import.meta.url));
const cacheFolder = join(folder, 'build', 'module');

/** The one file that is compiled; it includes the kernels. */
const GLUE = 'exports.cc';

/** The compiler's arguments, each with its reason. */
const FLAGS = [
  '--target=wasm32', // plain WebAssembly, of no system
  '-std=c++20',
  '-O3',
  '-fno-unroll-loops', // where it pays, the source says so; elsewhere it only makes the module larger
  '-msimd128', // vectors of 128 bits; never relaxed SIMD, which may fuse and round as it likes
  '-mbulk-memory', // memset and memcpy are instructions: there is no library to call
  '-ffp-contract=off', // a · b + c rounds twice
  '-fno-math-errno', // a square root is one instruction, with no errno to set
  '-fno-trapping-math', // nobody reads exception flags, so selections can become vectors
  '-fno-exceptions', // nothing throws; errors are results
  '-fno-rtti', // nor asks for a type at run time
  '-ffreestanding', // there is no standard library
  '-nostdinc++', // nor its headers
  '-nostdlib',
  '-Wall',
  '-Wextra',
  '-Wno-pass-failed', // loops that stay scalar are no news: sums must run in order
  '-DBITGRAD_KERNELS=kernels_wasm',
  '-DBITGRAD_VECTOR_BYTES=16',
  '-Wl,--no-entry', // a library: nothing runs when it is instantiated
  '-Wl,--import-memory', // each session brings memory of the size it needs
  '-Wl,--max-memory=4294967296', // shared memory must have a limit; addresses reach so far anyway
  '-Wl,--stack-first', // a stack that overflows traps instead of overwriting constants
  '-Wl,-z,stack-size=65536',
  '-Wl,--export=__stack_pointer', // instances that share memory each have a stack of their own
  '-Wl,--strip-all', // no names
];

/**
 * The glue and what it includes, by name: the compiler sees them as files of one folder, and what the
 * addon alone is made of makes no difference.
 */
function readSources() {
  /** @type {Record<string, string>} */
  const sources = { [GLUE]: readFileSync(join(folder, 'src', GLUE), 'utf8') };
  const waiting = [GLUE];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    for (const [, included] of (sources[name] ?? '').matchAll(/^#include "(.+)"$/gm)) {
      if (included === undefined || included in sources) continue;
      sources[included] =
        included === 'ops.h' ? opsHeader() : readFileSync(join(kernelFolder, included), 'utf8');
      waiting.push(included);
    }
  }
  return sources;
}

/** @param {Record<string, string>} sources */
function hashOf(sources) {
  const require = createRequire(import.meta.url);
  const compiler = readFileSync(
    join(dirname(require.resolve('@yowasp/clang')), '..', 'package.json'),
    'utf8',
  );
  const everything = [compiler, FLAGS, Object.entries(sources).sort()];
  return createHash('sha256').update(JSON.stringify(everything)).digest('hex').slice(0, 16);
}

/** @param {Record<string, string>} sources */
async function compile(sources) {
  // Optimising the compiler's own code would take longer than the rest of its one short run.
  setFlagsFromString('--liftoff-only');
  const { commands, runLLVM } = await import('@yowasp/clang');
  // Loads the compiler first, or it would report on its own loading.
  await runLLVM(undefined, {}, { fetchProgress: () => undefined });
  let messages = '';
  const decoder = new TextDecoder();
  const collect = (/** @type {Uint8Array | null} */ bytes) => {
    if (bytes) messages += decoder.decode(bytes, { stream: true });
  };
  const args = [...FLAGS, GLUE, '-o', 'bitgrad.wasm'];
  try {
    const files = await commands['clang++'](args, sources, { stdout: collect, stderr: collect });
    if (messages !== '') throw new Error('expected no warnings');
    return /** @type {Uint8Array} */ (/** @type {any} */ (files)['bitgrad.wasm']);
  } catch (error) {
    throw new Error(`the kernels do not compile to WebAssembly: ${error}\n${messages}`);
  }
}

/**
 * The module's bytes: those made before where neither sources, flags nor compiler have changed since.
 * @returns {Promise<Uint8Array>}
 */
export async function compileModule() {
  const sources = readSources();
  const file = join(cacheFolder, `${hashOf(sources)}.wasm`);
  if (existsSync(file)) return readFileSync(file);
  const bytes = await compile(sources);
  rmSync(cacheFolder, { recursive: true, force: true });
  mkdirSync(cacheFolder, { recursive: true });
  writeFileSync(file, bytes);
  return bytes;
}
