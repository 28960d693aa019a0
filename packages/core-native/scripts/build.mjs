// Builds the package: TypeScript by tsc, the C++ addon by cmake-js, and lays the addon where the
// loader looks and the tarball takes it from: prebuilds/<platform>-<arch>/bitgrad.node.
//
// Where there are no tools for C++, this ends well after saying so in two lines: the WebAssembly
// backend serves. Sources that do not compile are always an error.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isRequired, nativeAddon, nativeMissingNote } from '../../../scripts/require.mjs';
import { root, tools } from '../../../scripts/run.mjs';

const folder = fileURLToPath(new URL('..', import.meta.url));
const buildFolder = join(folder, 'build');
const nativeDigest = `${nativeAddon}.sha256`;
const isWindows = process.platform === 'win32';

/**
 * Runs a program in this package's folder, output captured.
 * @param {string} command
 * @param {string[]} args
 */
function run(command, args) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: folder, encoding: 'utf8' });
  return { succeeded: status === 0, output: `${stdout ?? ''}${stderr ?? ''}` };
}

/**
 * Ends the build with an error, leaving no stale addon behind.
 * @param {string} output
 * @returns {never}
 */
function fail(output) {
  rmSync(nativeAddon, { force: true });
  process.stderr.write(`${output.trimEnd()}\n`);
  process.exit(1);
}

/**
 * Why C++ cannot be built on this machine, in one line, or null.
 * @returns {string | null}
 */
function missingTool() {
  if (!['x64', 'arm64'].includes(process.arch)) return `there are no kernels for ${process.arch}`;
  if (!existsSync(join(folder, 'CMakeLists.txt'))) return 'CMakeLists.txt is not there';
  if (!run('cmake', ['--version']).succeeded) return 'CMake is not found';
  // Windows finds its compilers by other ways than the PATH; cmake-js looks for them itself.
  if (isWindows) return null;
  if (!['ninja', 'make'].some((tool) => run(tool, ['--version']).succeeded)) {
    return 'neither make nor ninja is found';
  }
  return compilesCpp() ? null : 'no C++ compiler that knows C++20 is found';
}

/** Whether a small C++20 program really compiles: a compiler may be there without its headers. */
function compilesCpp() {
  const scratch = mkdtempSync(join(tmpdir(), 'bitgrad-cpp-'));
  try {
    const source = join(scratch, 'probe.cc');
    writeFileSync(source, '#include <bit>\nint main() { return std::bit_cast<int>(0.0f); }\n');
    const named = process.env.CXX;
    const compilers = named ? [named] : ['c++', 'g++', 'clang++'];
    return compilers.some(
      (compiler) =>
        run(compiler, ['-std=c++20', '-c', source, '-o', join(scratch, 'probe.o')]).succeeded,
    );
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/**
 * A CMake cache holds absolute paths: one that came along with a moved folder is useless.
 */
function dropForeignCache() {
  const cache = join(buildFolder, 'CMakeCache.txt');
  if (!existsSync(cache)) return;
  const home = /^CMAKE_HOME_DIRECTORY:INTERNAL=(.*)$/m.exec(readFileSync(cache, 'utf8'))?.[1];
  const isOurs =
    home !== undefined && existsSync(home) && realpathSync(home) === realpathSync(folder);
  if (!isOurs) rmSync(buildFolder, { recursive: true, force: true });
}

/** Lays ops.h where the sources find it; compilers do their work anew only where it has changed. */
async function writeOpsHeader() {
  // Only now: it is made from what was compiled above.
  const { opsHeader } = await import('./ops-header.mjs');
  const file = join(buildFolder, 'ops.h');
  const text = opsHeader();
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return;
  mkdirSync(buildFolder, { recursive: true });
  writeFileSync(file, text);
}

/** Lays the addon in place by renaming: a process that has loaded the old file keeps it whole. */
function placeAddon() {
  const built = join(buildFolder, 'Release', 'bitgrad.node');
  if (!existsSync(built)) fail(`expected ${built} after a build without errors; it is not there`);
  mkdirSync(dirname(nativeAddon), { recursive: true });
  const temporary = `${nativeAddon}.${process.pid}`;
  copyFileSync(built, temporary);
  // The loader compares the two where both are there: between these steps there is one.
  rmSync(nativeDigest, { force: true });
  renameSync(temporary, nativeAddon);
  writeFileSync(
    nativeDigest,
    `${createHash('sha256').update(readFileSync(nativeAddon)).digest('hex')}\n`,
  );
  rmSync(nativeMissingNote, { force: true });
}

/** @param {string} reason */
function leaveOut(reason) {
  // A stale addon must not be loaded beside newer TypeScript.
  rmSync(nativeAddon, { force: true });
  if (isRequired('native')) fail(`BITGRAD_REQUIRE demands native: ${reason}`);
  mkdirSync(dirname(nativeMissingNote), { recursive: true });
  writeFileSync(nativeMissingNote, `${reason}\n`);
  console.log(`The native backend is not built: ${reason}.`);
  console.log('The WebAssembly backend serves instead: the same bits, more slowly.');
}

const typescript = run(process.execPath, [join(root, tools.tsc), '-b']);
if (!typescript.succeeded) fail(typescript.output);

const reason = missingTool();
if (reason !== null) {
  leaveOut(reason);
} else {
  dropForeignCache();
  await writeOpsHeader();
  const cmakeJs = createRequire(import.meta.url).resolve('cmake-js/bin/cmake-js');
  // CMake itself builds what cmake-js configured: cmake-js would start over after an error.
  const configured = run(process.execPath, [cmakeJs, 'configure', '--config', 'Release']);
  if (/toolset is not available|executable is not found/.test(configured.output)) {
    leaveOut('no C++ compiler is found');
  } else {
    if (!configured.succeeded) fail(configured.output);
    const jobs = String(availableParallelism());
    const compiled = run('cmake', ['--build', 'build', '--config', 'Release', '--parallel', jobs]);
    if (!compiled.succeeded) fail(compiled.output);
    placeAddon();
  }
}
