import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

/** What `addon/mpi.c` offers. */
export interface Addon {
  init(): Here;
  exchange(
    sent: Uint8Array,
    sentCounts: Int32Array,
    received: Uint8Array,
    receivedCounts: Int32Array,
  ): void;
  gather(sent: Uint8Array, received: Uint8Array, counts: Int32Array): void;
  barrier(): void;
  /** Memory of all ranks of this machine; undefined on all of them where there is none. */
  share(bytes: number): Shared | undefined;
  /** Whether what has begun is done, after so many seconds at most. */
  test(seconds: number): boolean;
  finalize(): void;
  abort(code: number): never;
}

/** Memory that ranks of one machine share. */
export interface Shared {
  readonly buffer: ArrayBuffer;
  /** Whether this rank is the one that writes it. */
  readonly isFirst: boolean;
}

/** Where a process finds itself. */
export interface Here {
  readonly rank: number;
  readonly size: number;
  /** How many of the ranks are on this machine. */
  readonly localSize: number;
  /** The MPI library's own words. */
  readonly library: string;
}

/** Implementations of MPI whose addons are told apart: their binaries do not fit each other. */
export const IMPLEMENTATIONS = ['openmpi', 'mpich'] as const;
export type Implementation = (typeof IMPLEMENTATIONS)[number];

/** Where the addon for an implementation lies once it is built. */
export function addonPath(implementation: Implementation): string {
  return fileURLToPath(new URL(`../build/${implementation}.node`, import.meta.url));
}

/** Those whose addons are built. */
export function builtImplementations(): Implementation[] {
  return IMPLEMENTATIONS.filter((one) => existsSync(addonPath(one)));
}

/**
 * Libraries below MPI rewrite the code of `brk` and `mmap` to hear of memory that is freed, while Node's
 * other threads may be in it, and take over signals that V8 uses. They are told not to, by variables that
 * they read when they are loaded; whoever sets those decides otherwise.
 */
const TAME: Readonly<Record<string, string>> = {
  UCX_MEM_EVENTS: 'n',
  UCX_MEM_MMAP_HOOK_MODE: 'none',
  UCX_ERROR_SIGNALS: '',
  OMPI_MCA_memory: '^patcher',
};

export function loadAddon(implementation: Implementation): Addon {
  for (const [name, value] of Object.entries(TAME)) process.env[name] ??= value;
  return createRequire(import.meta.url)(addonPath(implementation));
}
