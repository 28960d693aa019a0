import { type Backend, typescriptBackend } from '@bitgrad/core';

/** What a caller may ask of a backend. */
export interface BackendOptions {
  /** Of the native backend. */
  readonly isa?: string;
  /** At most so many. */
  readonly threads?: number;
}

/** One way to get a backend. */
export interface Loader {
  readonly name: string;
  /** @throws BitgradError saying why the backend cannot be loaded here */
  load(options: BackendOptions): Promise<Backend>;
}

/** The C++ kernels as WebAssembly. */
export const wasmLoader: Loader = {
  name: 'wasm',
  async load({ threads }) {
    // Only here, because its kernels would slow every other program's start.
    const { wasmBackend } = await import('@bitgrad/core-wasm');
    return wasmBackend(threads === undefined ? {} : { threads, isMost: true });
  },
};

/** Plain TypeScript, which runs everywhere. */
export const typescriptLoader: Loader = { name: 'ts', load: async () => typescriptBackend() };
