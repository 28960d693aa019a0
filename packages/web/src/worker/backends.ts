import { type Backend, typescriptBackend } from '@bitgrad/core';
import { wasmBackend } from '@bitgrad/core-wasm';
import type { BackendName, Tell } from './protocol.js';

/** How each backend is made. One that this browser cannot run throws and says why. */
const MAKERS: Readonly<Record<BackendName, () => Promise<Backend>>> = {
  wasm: wasmBackend,
  ts: async () => typescriptBackend(),
};

const opened = new Map<BackendName, Promise<Backend>>();

/**
 * The backend of this name, made when it is first asked for. Where that fails, TypeScript serves
 * instead, with the same bits, and the page is told.
 */
export function openBackend(name: BackendName, tell: Tell): Promise<Backend> {
  let backend = opened.get(name);
  if (backend === undefined) {
    backend = MAKERS[name]().catch((error: unknown) => {
      if (name === 'ts') throw error;
      tell('fallback', { reason: error instanceof Error ? error.message : String(error) });
      return openBackend('ts', tell);
    });
    opened.set(name, backend);
  }
  return backend;
}
