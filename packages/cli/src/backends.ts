import { type Backend, BitgradError, show } from '@bitgrad/core';
import type { TileChoice } from '@bitgrad/core-native';
import type { Options } from 'yargs';
import { parseInteger, textOf } from './arguments.js';
import { type Arguments, valueOption } from './command.js';
import { formatChoices, plural } from './format.js';
import {
  type BackendOptions,
  type Loader,
  typescriptLoader,
  wasmLoader,
} from './library/loaders.js';
import { importNative, nativeLoader } from './library/native-loader.js';
import { note } from './output.js';
import { suggest } from './suggest.js';
import { UsageError } from './usage-error.js';

/** In the order in which `auto` tries them. */
const LOADERS: readonly Loader[] = [
  nativeLoader,
  withoutIsa(wasmLoader),
  withoutIsa(typescriptLoader),
];

/** The names of all backends, the preferred one first. */
export const BACKEND_NAMES: readonly string[] = LOADERS.map(({ name }) => name);

/** A backend that was chosen, and why. */
export interface Choice {
  readonly backend: Backend;
  /** As in `wasm (simd128, 1 thread); native: not built for this machine`. */
  readonly description: string;
}

/** The options that choose a backend. */
export const backendOptions: Readonly<Record<string, Options>> = {
  backend: valueOption(
    `${formatChoices(['auto', ...BACKEND_NAMES])}; auto takes the first of ${BACKEND_NAMES.join(', ')} that loads. The results are the same, to the bit`,
    'auto',
    'Machine:',
  ),
  threads: valueOption('the most threads to use', 'as many as help, of wasm 1', 'Machine:'),
  isa: valueOption(
    'instruction set of the native backend; bitgrad doctor lists them',
    'the best that the processor has',
    'Machine:',
  ),
};

/** Reads `--backend`, `--threads` and `--isa`, and loads that backend. */
export function backendOf(argv: Arguments): Promise<Choice> {
  return chooseBackend(
    textOf(argv, 'backend') ?? 'auto',
    textOf(argv, 'threads'),
    textOf(argv, 'isa'),
  );
}

/**
 * Loads a backend.
 *
 * @param name `auto` for the first that loads
 * @param threads an integer, as text
 * @throws UsageError for a wrong value; BitgradError if the backend that was asked for, or that
 *   BITGRAD_REQUIRE names, cannot be loaded: there is no silent falling back
 */
export async function chooseBackend(
  name: string,
  threads: string | undefined,
  isa: string | undefined,
): Promise<Choice> {
  const options = backendOptionsOf(threads, isa);
  if (name !== 'auto') return choiceOf(await loadBackend(name, options), []);
  // Only the native backend has instruction sets to choose from.
  if (isa !== undefined) return choiceOf(await loadBackend('native', options), []);
  const reasons: string[] = [];
  for (const loader of LOADERS) {
    try {
      return choiceOf(await loader.load(options), reasons);
    } catch (error) {
      if (!(error instanceof BitgradError)) throw error;
      if (isRequired(loader.name)) {
        throw new BitgradError(
          `BITGRAD_REQUIRE demands ${loader.name}; ${error.message}`,
          error.fix,
        );
      }
      // What should work and does not is said at once, by every command.
      if (error.name === 'BrokenAddonError') note(`${error.message}; falling back`);
      else reasons.push(error.message);
    }
  }
  throw new BitgradError(`backend: expected one that loads, received none: ${reasons.join('; ')}`);
}

/** Whether the environment's BITGRAD_REQUIRE, a comma list, names this backend. */
export function isRequired(name: string): boolean {
  const required = process.env.BITGRAD_REQUIRE ?? '';
  return required.split(',').some((text) => text.trim() === name);
}

/**
 * Loads a backend by its name.
 *
 * @param also another name that the caller understands, for the message
 * @throws UsageError if there is no such name; BitgradError saying why it cannot be loaded
 */
export async function loadBackend(
  name: string,
  options: BackendOptions,
  also = 'auto',
): Promise<Backend> {
  const loader = LOADERS.find((one) => one.name === name);
  if (loader !== undefined) return loader.load(options);
  const meant = suggest(name, [also, ...BACKEND_NAMES]);
  throw new UsageError(
    `--backend: expected ${formatChoices([also, ...BACKEND_NAMES])}, received ${show(name)}`,
    meant === undefined ? undefined : `did you mean --backend ${meant}?`,
  );
}

function backendOptionsOf(threads: string | undefined, isa: string | undefined): BackendOptions {
  const count = threads === undefined ? undefined : parseInteger(threads);
  if (threads !== undefined && (count === undefined || count < 1)) {
    throw new UsageError(
      `--threads: expected an integer of at least 1, received ${count ?? show(threads)}`,
    );
  }
  return {
    ...(count === undefined ? {} : { threads: count }),
    ...(isa === undefined ? {} : { isa }),
  };
}

function choiceOf(backend: Backend, reasons: readonly string[]): Choice {
  return { backend, description: [describeBackend(backend), ...reasons].join('; ') };
}

/** As in `native (avx2, 2 threads)`. */
export function describeBackend({
  name,
  isa,
  threads,
}: Pick<Backend, 'name' | 'isa' | 'threads'>): string {
  return `${name} (${isa}, ${plural(threads, 'thread')})`;
}

/** The native backend's addon: this machine's platform, its file, and the instruction sets it can use. */
export interface NativeAddon {
  readonly platform: string;
  readonly path: string;
  /** The fastest first. */
  readonly isa: readonly string[];
  /** Which tiles the products of an instruction set take. Throws where the native backend does. */
  tiles(isa: string): TileChoice;
}

/** The native backend's addon, or null where none loads. */
export async function nativeAddon(): Promise<NativeAddon | null> {
  const native = await importNative().catch(() => null);
  const found = native?.nativeAvailability();
  if (native === null || !found?.available) return null;
  return {
    platform: native.platformName(),
    path: found.path,
    isa: found.isa,
    tiles: native.nativeTiles,
  };
}

function withoutIsa({ name, load }: Loader): Loader {
  return {
    name,
    async load(options) {
      refuseIsa(name, options.isa);
      return load(options);
    },
  };
}

function refuseIsa(name: string, isa: string | undefined): void {
  if (isa === undefined) return;
  throw new UsageError(
    `--isa: expected none with --backend ${name}, received ${show(isa)}`,
    'only the native backend has instruction sets to choose from',
  );
}
