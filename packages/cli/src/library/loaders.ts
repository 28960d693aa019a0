import { type Backend, BitgradError, typescriptBackend } from '@bitgrad/core';

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

/** The C++ kernels as an addon of Node, an optional dependency. */
export const nativeLoader: Loader = {
  name: 'native',
  load: async (options) => (await importNative()).nativeBackend(options),
};

/** @throws BitgradError saying why the package cannot be imported */
export async function importNative(): Promise<typeof import('@bitgrad/core-native')> {
  // Where it is not installed, only the import tells.
  return import('@bitgrad/core-native').catch((error: unknown) => {
    throw new BitgradError(
      (error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND'
        ? 'native: the package @bitgrad/core-native is not installed'
        : `native: the package @bitgrad/core-native cannot be loaded: ${(error as Error).message}`,
      'install it (npm install @bitgrad/core-native), or use the WebAssembly backend: the same bits, more slowly',
    );
  });
}
