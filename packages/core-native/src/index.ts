import { type Backend, BitgradError, checkedKernels, type Program, show } from '@bitgrad/core';
import { loadAddon } from './addon.js';
import { CppSession } from './session.js';

export interface NativeOptions {
  /** Takes these kernels instead of the fastest: `avx512`, `avx2`, `sse2`, `neon`. */
  readonly isa?: string;
  /** Threads that a session uses at most. */
  readonly threads?: number;
}

/** Whether the native backend can run here, with which instruction sets, or why it cannot. */
export type NativeAvailability =
  | { readonly available: true; readonly isa: readonly string[]; readonly path: string }
  | { readonly available: false; readonly reason: string };

export function nativeAvailability(): NativeAvailability {
  const loaded = loadAddon();
  if (loaded.addon === null) return { available: false, reason: loaded.reason };
  return { available: true, isa: loaded.addon.isas, path: loaded.path };
}

/**
 * The backend in C++. Its instruction set is `options.isa`, else the environment's BITGRAD_ISA, else
 * the fastest that this machine can run.
 *
 * @throws BitgradError that says why if it cannot run here
 */
export function nativeBackend(options: NativeOptions = {}): Backend {
  const loaded = loadAddon();
  if (loaded.addon === null) {
    throw new BitgradError(
      `native: expected an addon for this machine; ${loaded.reason}`,
      'build it (a C++ compiler and CMake, then `pnpm run build`), or use the WebAssembly backend',
    );
  }
  const { addon } = loaded;
  const isa = chooseIsa(addon.isas, options.isa ?? process.env.BITGRAD_ISA);
  checkThreads(options.threads);
  return {
    name: 'native',
    isa,
    threads: 1,
    kernels: checkedKernels(addon.kernels(isa)),
    open: (program: Program) => new CppSession(addon, isa, program),
  };
}

function chooseIsa(available: readonly string[], wanted: string | undefined): string {
  const isa = wanted === undefined || wanted === '' ? available[0]! : wanted;
  if (!available.includes(isa)) {
    throw new BitgradError(
      `native: expected an instruction set among ${available.join(', ')}, received ${show(isa)}`,
    );
  }
  return isa;
}

function checkThreads(threads: number | undefined): void {
  if (threads === undefined || (Number.isSafeInteger(threads) && threads >= 1)) return;
  throw new BitgradError(
    `native: expected an integer threads of at least 1, received ${show(threads)}`,
  );
}
