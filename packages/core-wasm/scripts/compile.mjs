// Compiles core-native's kernels to a WebAssembly module, by a clang that is itself WebAssembly and
// comes from npm: no compiler need be installed, and every machine makes the same bytes.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('..', import.meta.url));
const kernelFolder = fileURLToPath(new URL('../../core-native/src/', import.meta.url));
const glue = join(folder, 'src', 'exports.cc');
const cacheFolder = join(folder, 'build', 'module');

/** The compiler's arguments, each with its reason. */
const FLAGS = [
  '--target=wasm32', // plain WebAssembly, of no system
  '-std=c++20',
  '-O3',
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
  '-Wl,--stack-first', // a stack that overflows traps instead of overwriting constants
  '-Wl,-z,stack-size=65536',
  '-Wl,--strip-all', // no names
];

/** The sources by their names: the kernels lie in one folder, so that includes find each other. */
function readSources() {
  const kernels = readdirSync(kernelFolder)
    .filter((name) => /\.(cc|h)$/.test(name))
    .map((name) => join(kernelFolder, name));
  return Object.fromEntries(
    [...kernels, glue].map((path) => [basename(path), readFileSync(path, 'utf8')]),
  );
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
  const { commands, runLLVM } = await import('@yowasp/clang');
  // Loads the compiler first, or it would report on its own loading.
  await runLLVM(undefined, {}, { fetchProgress: () => undefined });
  let messages = '';
  const decoder = new TextDecoder();
  const collect = (/** @type {Uint8Array | null} */ bytes) => {
    if (bytes) messages += decoder.decode(bytes, { stream: true });
  };
  const args = [...FLAGS, basename(glue), '-o', 'bitgrad.wasm'];
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
