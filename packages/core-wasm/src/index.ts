import { type Backend, BitgradError, show } from '@bitgrad/core';
import { openSession } from '@bitgrad/core/backend';
import { Bench } from './bench.js';
import { directKernels } from './direct-kernels.js';
import { loadModule, loadSharedModule } from './module.js';
import { type Crew, WasmRunner } from './runner.js';
import { teamOf } from './teams.js';

/** Each worker is an engine of its own. */
const MOST_THREADS = 64;

export interface WasmOptions {
  /**
   * Threads that a session uses, one by default: the caller's, and workers that are started once.
   * More need shared memory and a caller that may wait: Node, Bun and Deno have both; in browsers
   * the workers of a page that is isolated from other origins do. The bits are the same for any
   * number.
   */
  readonly threads?: number;
  /** Whether fewer are used where that is no slower: in small steps, or beside other programs. */
  readonly isMost?: boolean;
}

/**
 * The C++ kernels as WebAssembly, with vectors of 128 bits.
 *
 * @throws BitgradError that says why if this engine cannot run it, or not on so many threads
 */
export async function wasmBackend(options: WasmOptions = {}): Promise<Backend> {
  const threads = chooseThreads(options.threads ?? 1);
  const module = await loadModule();
  const bench = new Bench(module);
  const crew = threads === 1 ? null : await crewOf(threads, options.isMost ?? false);
  return {
    name: 'wasm',
    isa: 'simd128',
    threads,
    kernels: directKernels(bench),
    open: (program) => openSession(program, (valid) => new WasmRunner(module, bench, crew, valid)),
  };
}

async function crewOf(threads: number, isMost: boolean): Promise<Crew> {
  return { team: await teamOf(threads), module: await loadSharedModule(), threads, isMost };
}

function chooseThreads(wanted: number): number {
  if (Number.isSafeInteger(wanted) && wanted >= 1) return Math.min(wanted, MOST_THREADS);
  throw new BitgradError(
    `wasm: expected an integer threads of at least 1, received ${show(wanted)}`,
  );
}
