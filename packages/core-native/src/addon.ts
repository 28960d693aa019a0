import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Kernels } from '@bitgrad/core';
import {
  findAddon,
  isBundled,
  isSourceTree,
  missingNote,
  PLATFORMS,
  packageOf,
  platformName,
} from './find-addon.js';

/** What `addon.cc` exports. Arguments must be valid: see its comments. */
export interface Addon {
  /** The instruction sets that this machine can run, the fastest first. */
  readonly isas: readonly string[];
  /** The direct kernels, with large products on at most so many threads. */
  kernels(isa: string, threads: number): Kernels;
  /** The shapes that the tiles of products can have, by name, the usual one first. */
  tiles(isa: string): string[];
  /** Lets products take a shape from now on, by its place. No bit hangs on it. */
  useTile(isa: string, index: number): void;
  /** So many bytes, or an ArrayBuffer that holds them, which is kept until the process ends. */
  readonly Samples: new (
    place: number | ArrayBuffer,
  ) => NativeSamples;
  readonly Session: new (
    isa: string,
    bytes: number,
    samples: NativeSamples,
    controlOffset: number,
    entries: readonly Uint32Array[],
    threads: number,
    isFixed: boolean,
  ) => NativeSession;
}

/** What sessions gather from. It lasts as long as one of them, or its buffer. */
export interface NativeSamples {
  /** Undefined where there was no memory for it. */
  buffer(): ArrayBuffer | undefined;
}

export interface NativeSession {
  /** The arena, or undefined where there was no memory for it. */
  buffer(): ArrayBuffer | undefined;
  /** Goes on with listing what in samples is not 0, by about so many bytes of them. Returns whether that was all. */
  freezeSome(bytes: number): boolean;
  /** Runs steps of an entry, given by its place. Returns a RUN_STATUS. */
  run(entry: number, steps: number): number;
  runAsync(entry: number, steps: number): Promise<number>;
  /** Ends a runAsync before its next step. */
  cancel(): void;
  close(): void;
}

type Loaded =
  | { readonly addon: Addon; readonly path: string }
  | {
      readonly addon: null;
      readonly reason: string;
      readonly fix: string;
      /** Whether there is one, which does not load. */
      readonly isBroken: boolean;
    };

let loaded: Loaded | undefined;

/** Loads the addon, once. Says why where it cannot, and what to do. */
export function loadAddon(): Loaded {
  loaded ??= load();
  return loaded;
}

function load(): Loaded {
  const path = findAddon();
  if (path === null) return { addon: null, isBroken: false, ...explainMissing() };
  try {
    checkDigest(path);
    const addon: Partial<Addon> = createRequire(import.meta.url)(path);
    checkExports(addon);
    return { addon, path };
  } catch (error) {
    // The file is there: only a bundler's own `require` does not find it.
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') {
      return { addon: null, isBroken: false, ...BUNDLED };
    }
    const [line] = (error instanceof Error ? error.message : String(error)).split('\n');
    const reason = `${path} does not load: ${line}`;
    return { addon: null, isBroken: true, reason, fix: howToGetIt() };
  }
}

/** A bundle holds no addon. */
const BUNDLED = {
  reason: 'a bundler took the package in: mark @bitgrad/core-native external',
  fix: 'leave @bitgrad/core-native outside of the bundle, or use the WebAssembly backend: the same bits, more slowly',
};

/**
 * Compares a file with the SHA-256 that was written beside it when it was built: to load a damaged
 * one would end the process.
 */
function checkDigest(path: string): void {
  const digest = `${path}.sha256`;
  if (!existsSync(digest)) return;
  const expected = readFileSync(digest, 'utf8').trim();
  const received = createHash('sha256').update(readFileSync(path)).digest('hex');
  if (received === expected) return;
  throw new Error(`expected its SHA-256 to be ${expected}, received ${received}`);
}

/** What each version of the addon must have; one from before would be called in vain later. */
const EXPORTS = ['isas', 'kernels', 'tiles', 'useTile', 'Samples', 'Session'] as const;

/** @throws Error if the addon was built from other sources than what loads it */
export function checkExports(addon: Partial<Addon>): asserts addon is Addon {
  const missing = EXPORTS.filter((name) => addon[name] === undefined);
  if (missing.length === 0) return;
  throw new Error(`expected it to export ${missing.join(', ')}: it is of another version`);
}

function explainMissing(): { reason: string; fix: string } {
  if (isBundled()) return BUNDLED;
  const platform = platformName();
  if (!PLATFORMS.includes(platform)) {
    const fix = 'use the WebAssembly backend: the same bits, more slowly';
    return { reason: `there is none for ${platform}`, fix };
  }
  if (!isSourceTree()) {
    return { reason: `the package ${packageOf(platform)} is not installed`, fix: howToGetIt() };
  }
  const note = existsSync(missingNote) ? `: ${readFileSync(missingNote, 'utf8').trim()}` : '';
  return { reason: `it is not built${note}`, fix: howToGetIt() };
}

function howToGetIt(): string {
  const wasm = 'or use the WebAssembly backend: the same bits, more slowly';
  if (isSourceTree()) {
    return `build it (a C++20 compiler, CMake and make, then npm run build), ${wasm}`;
  }
  const name = packageOf(platformName());
  return `install it again (npm install ${name}, without --omit=optional), ${wasm}`;
}
