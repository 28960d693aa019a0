import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Kernels } from '@bitgrad/core';

/** What `addon.cc` exports. Arguments must be valid: see its comments. */
export interface Addon {
  /** The instruction sets that this machine can run, the fastest first. */
  readonly isas: readonly string[];
  /** The direct kernels, with large products on at most so many threads. */
  kernels(isa: string, threads: number): Kernels;
  readonly Session: new (
    isa: string,
    bytes: number,
    controlOffset: number,
    entries: readonly Uint32Array[],
    threads: number,
    isFixed: boolean,
  ) => NativeSession;
}

export interface NativeSession {
  /** The arena, or undefined where there was no memory for it. */
  buffer(): ArrayBuffer | undefined;
  freezeSamples(): void;
  /** Runs steps of an entry, given by its place. Returns a RUN_STATUS. */
  run(entry: number, steps: number): number;
  runAsync(entry: number, steps: number): Promise<number>;
  /** Ends a runAsync before its next step. */
  cancel(): void;
  close(): void;
}

type Loaded =
  | { readonly addon: Addon; readonly path: string }
  | { readonly addon: null; readonly reason: string };

const folder = fileURLToPath(new URL('..', import.meta.url));
/** Where the build leaves a line on why it made no addon. */
const missingNote = `${folder}build/missing.txt`;

let loaded: Loaded | undefined;

/** Loads the addon, once. Says why where it cannot. */
export function loadAddon(): Loaded {
  loaded ??= load();
  return loaded;
}

function load(): Loaded {
  const platform = `${process.platform}-${process.arch}`;
  const path = [
    `${folder}prebuilds/${platform}/bitgrad.node`,
    `${folder}build/Release/bitgrad.node`,
  ].find((candidate) => existsSync(candidate));
  if (path === undefined) {
    const note = existsSync(missingNote) ? `: ${readFileSync(missingNote, 'utf8').trim()}` : '';
    return { addon: null, reason: `there is no addon for ${platform}${note}` };
  }
  try {
    return { addon: createRequire(import.meta.url)(path) as Addon, path };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { addon: null, reason: `${path} does not load: ${message}` };
  }
}
