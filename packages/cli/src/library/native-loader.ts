// Apart from the other loaders, so that no bundle for a browser looks for Node.

import { BitgradError } from '@bitgrad/core';
import type { Loader } from './loaders.js';

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
        : `native: the package @bitgrad/core-native cannot be loaded: ${(error as Error).message} (a bundler has to leave it outside: mark it external)`,
      'install it (npm install @bitgrad/core-native), or use the WebAssembly backend: the same bits, more slowly',
    );
  });
}
