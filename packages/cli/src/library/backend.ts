import { type Backend, BitgradError, show } from '@bitgrad/core';
import { platform } from '#platform';

/** Which backend: by name, one that is open, or `auto` for the fastest that runs here. */
export type BackendChoice = 'auto' | 'native' | 'wasm' | 'ts' | Backend;

let fastest: Promise<Backend> | undefined;

/**
 * The fastest backend that runs here: native, else WebAssembly, else plain TypeScript. All give the
 * same bits. Where it is not the one that this platform could have, that is said once, on stderr.
 * It is looked for once.
 */
export function fastestBackend(): Promise<Backend> {
  fastest ??= findFastest();
  return fastest;
}

async function findFastest(): Promise<Backend> {
  const reasons: string[] = [];
  for (const loader of platform.loaders) {
    try {
      const backend = await loader.load({});
      if (reasons.length > 0) {
        console.warn(
          `bitgrad: running on ${backend.name} (${backend.isa}): the same bits, more slowly; ${reasons.join('; ')}`,
        );
      }
      return backend;
    } catch (error) {
      if (!(error instanceof BitgradError)) throw error;
      reasons.push(error.message);
    }
  }
  throw new BitgradError(`backend: expected one that loads, received none: ${reasons.join('; ')}`);
}

/**
 * @throws BitgradError if there is no such backend, or it does not load here: there is no silent
 *   falling back from what was asked for
 */
export async function backendOf(choice: BackendChoice = 'auto'): Promise<Backend> {
  if (typeof choice === 'object' && choice !== null) return choice;
  if (choice === 'auto') return fastestBackend();
  const loader = platform.loaders.find(({ name }) => name === choice);
  if (loader !== undefined) return loader.load({});
  const names = ['auto', ...platform.loaders.map(({ name }) => name)];
  throw new BitgradError(
    `backend: expected ${names.join(', ')} or a backend, received ${show(choice)}`,
  );
}
