import type { Backend, Program } from '@bitgrad/core';
import { Bench } from './bench.js';
import { directKernels } from './direct-kernels.js';
import { loadModule } from './module.js';
import { WasmSession } from './session.js';

/**
 * The C++ kernels as WebAssembly, with vectors of 128 bits, on one thread: a session in each of
 * several workers uses several.
 *
 * @throws BitgradError that says why if this engine cannot run it
 */
export async function wasmBackend(): Promise<Backend> {
  const module = await loadModule();
  const bench = new Bench(module);
  return {
    name: 'wasm',
    isa: 'simd128',
    threads: 1,
    kernels: directKernels(bench),
    open: (program: Program) => new WasmSession(module, bench, program),
  };
}
