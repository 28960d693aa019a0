import type { Exports } from './module.js';

/** What 32-bit addresses reach. */
export const LARGEST_MEMORY = 0x100000000;
const PAGE_BYTES = 65536;

/** A running copy of the module, on memory that never grows: no view is ever lost. */
export interface Instance {
  readonly exports: Exports;
  readonly memory: WebAssembly.Memory;
  /** The memory's. */
  readonly buffer: ArrayBufferLike;
}

/** What the kernels call to wait for the other members of a team. */
export type Meet = (marks: number, members: number) => number;

/**
 * Makes an instance with at least so many bytes of memory, all zero but for the kernels' constants.
 *
 * @param meet of a team, for a module on shared memory
 * @returns null where the engine has not so much memory
 */
export function instantiate(
  module: WebAssembly.Module,
  bytes: number,
  meet?: Meet,
): Instance | null {
  const pages = Math.ceil(bytes / PAGE_BYTES);
  let memory: WebAssembly.Memory;
  try {
    const shared = meet !== undefined;
    memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared });
  } catch {
    return null;
  }
  const env = { memory, meet: meet ?? alone };
  const { exports } = new WebAssembly.Instance(module, { env });
  return { exports: exports as unknown as Exports, memory, buffer: memory.buffer };
}

/** There is nobody to wait for. */
const alone: Meet = (marks) => marks;

/** The next multiple of 64: where a cache line begins, and slices, plans and scratch memory do. */
export function align(bytes: number): number {
  return Math.ceil(bytes / 64) * 64;
}
