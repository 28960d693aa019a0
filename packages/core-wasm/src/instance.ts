import type { Exports } from './module.js';

/** What 32-bit addresses reach. */
export const LARGEST_MEMORY = 0x100000000;
const PAGE_BYTES = 65536;

/** A running copy of the module, with memory of its own that never grows: no view is ever lost. */
export interface Instance {
  readonly exports: Exports;
  readonly buffer: ArrayBuffer;
}

/**
 * Makes an instance with at least so many bytes of memory, all zero but for the kernels' constants.
 *
 * @returns null where the engine has not so much memory
 */
export function instantiate(module: WebAssembly.Module, bytes: number): Instance | null {
  const pages = Math.ceil(bytes / PAGE_BYTES);
  let memory: WebAssembly.Memory;
  try {
    memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  } catch {
    return null;
  }
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  return { exports: exports as unknown as Exports, buffer: memory.buffer };
}

/** The next multiple of 64: where a cache line begins, and slices, plans and scratch memory do. */
export function align(bytes: number): number {
  return Math.ceil(bytes / 64) * 64;
}
