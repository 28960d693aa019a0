// Checks this JavaScript engine, without a test runner: whether trainings, random numbers and the
// elementary functions come out as pinned, on the TypeScript and WebAssembly backends, and on the
// native one where Node can load it. One line for each backend; exits with 1 on any difference.
//
//   node packages/conformance/dist/engine-check.js

import { type Backend, typescriptBackend } from '@bitgrad/core';
import { suite } from './suite.js';

const GROUPS = ['random', 'elementary', 'trainings'];
const { bun, deno, node } = process.versions;
const engine = bun ? `Bun ${bun}` : deno ? `Deno ${deno}` : `Node v${node}`;

const backends = [
  typescriptBackend(),
  ...(await ifInstalled('wasm', wasmBackends)),
  ...(await ifInstalled('native', nativeBackends)),
];
for (const backend of backends) {
  const failures = await failuresOf(backend);
  for (const failure of failures) console.error(failure);
  if (failures.length > 0) process.exitCode = 1;
}

/** Runs the groups on a backend, prints its line, and returns what went wrong. */
async function failuresOf(backend: Backend): Promise<string[]> {
  const cases = suite().filter(({ group }) => GROUPS.includes(group));
  const failures: string[] = [];
  const begun = performance.now();
  for (const one of cases) {
    try {
      await one.run(backend);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      failures.push(`${one.group}: ${one.name}: ${reason}`);
    }
  }
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  const threads = backend.threads === 1 ? '' : `, ${backend.threads} threads`;
  const result = failures.length === 0 ? 'the same bits' : `${failures.length} differ`;
  console.log(
    `${engine}, ${backend.name} (${backend.isa}${threads}): ${result} in ${cases.length} cases (${seconds} s)`,
  );
  return failures;
}

/** What `load` gives, or nothing where its package is not there. */
async function ifInstalled(name: string, load: () => Promise<Backend[]>): Promise<Backend[]> {
  try {
    return await load();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    console.log(`${engine}, ${name}: not run: not installed`);
    return [];
  }
}

async function wasmBackends(): Promise<Backend[]> {
  const { wasmBackend } = await import('@bitgrad/core-wasm');
  // Also where shared memory and workers are this engine's own.
  return [await wasmBackend(), await wasmBackend({ threads: 3 })];
}

/** The native backend on each instruction set, or nothing where it cannot be loaded. */
async function nativeBackends(): Promise<Backend[]> {
  if (bun) return [];
  const { nativeAvailability, nativeBackend } = await import('@bitgrad/core-native');
  const native = nativeAvailability();
  if (native.available) return native.isa.map((isa) => nativeBackend({ isa }));
  console.log(`${engine}, native: not run: ${native.reason}`);
  return [];
}
