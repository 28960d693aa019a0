import { availableParallelism } from 'node:os';
import { type Backend, BitgradError, show } from '@bitgrad/core';
import { checkedKernels, openSession, samplesLayout } from '@bitgrad/core/backend';
import { type Addon, loadAddon } from './addon.js';
import { BrokenAddonError } from './broken-addon-error.js';
import { CppRunner, type Threads } from './runner.js';
import { CppSamples } from './sample-memory.js';
import { selfTest, type Tried } from './self-test.js';
import { chooseTile, type TileChoice } from './tiles.js';

export { platformName } from './find-addon.js';
export type { TileChoice };
export { BrokenAddonError };

/** Networks that are trained here are small: more would wait for each other. */
const USUAL_THREADS = 8;
/** What the addon can count to. */
const MOST_THREADS = 255;

export interface NativeOptions {
  /** Takes these kernels instead of the fastest: `avx512`, `avx2`, `sse2`, `neon`. */
  readonly isa?: string;
  /**
   * Threads that a session uses. By default as many as there are cores, up to 8, and fewer wherever
   * they are no faster. The bits are the same for any number.
   */
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
 * Its kernels are tried on a few ops first, once a process.
 *
 * @throws BitgradError that says why if it cannot run here, or gives other bits than it should
 */
export function nativeBackend(options: NativeOptions = {}): Backend {
  const addon = requireAddon();
  const isa = chooseIsa(addon.isas, options.isa ?? process.env.BITGRAD_ISA);
  prepare(addon, isa);
  return makeBackend(addon, isa, chooseThreads(options.threads));
}

/**
 * Which tiles the products of an instruction set take (BITGRAD_KERNELS), and how that was chosen.
 *
 * @throws as `nativeBackend`
 */
export function nativeTiles(isa: string): TileChoice {
  const addon = requireAddon();
  return prepare(addon, chooseIsa(addon.isas, isa));
}

function requireAddon(): Addon {
  const loaded = loadAddon();
  if (loaded.addon !== null) return loaded.addon;
  const { reason, fix, isBroken } = loaded;
  const message = `native: expected an addon for this machine; ${reason}`;
  throw isBroken ? new BrokenAddonError(message, fix) : new BitgradError(message, fix);
}

/** What was found in this process of each instruction set, as BITGRAD_KERNELS then was. */
const prepared = new Map<string, TileChoice>();

/** Chooses the tiles, which BITGRAD_KERNELS may change at any time, and tries the kernels with them. */
function prepare(addon: Addon, isa: string): TileChoice {
  const key = `${isa} ${process.env.BITGRAD_KERNELS ?? ''}`;
  const known = prepared.get(key);
  if (known !== undefined) {
    addon.useTile(isa, known.tiles.indexOf(known.tile));
    return known;
  }
  const tiles = chooseTile(addon, isa);
  selfTest(triedBackend(addon, isa));
  prepared.set(key, tiles);
  return tiles;
}

/** One thread, and no check of the self-test's own program, which would take longer than to run it. */
function triedBackend(addon: Addon, isa: string): Tried {
  return {
    isa,
    kernels: addon.kernels(isa, 1),
    open(program) {
      const runner = new CppRunner(addon, isa, { count: 1, isFixed: true }, program);
      return {
        memory: runner.memory,
        run: (entry, steps) => runner.run(entry, steps),
        close: () => runner.free(),
      };
    },
  };
}

function makeBackend(addon: Addon, isa: string, threads: Threads): Backend {
  return {
    name: 'native',
    isa,
    threads: threads.count,
    kernels: checkedKernels(addon.kernels(isa, threads.count)),
    open: (program, samples) =>
      openSession(program, (valid) => new CppRunner(addon, isa, threads, valid, samples), samples),
    openSamples: (program, place) => new CppSamples(addon, samplesLayout(program), place),
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

function chooseThreads(wanted: number | undefined): Threads {
  if (wanted === undefined) {
    return { count: Math.min(availableParallelism(), USUAL_THREADS), isFixed: false };
  }
  if (Number.isSafeInteger(wanted) && wanted >= 1) {
    return { count: Math.min(wanted, MOST_THREADS), isFixed: true };
  }
  throw new BitgradError(
    `native: expected an integer threads of at least 1, received ${show(wanted)}`,
  );
}
