import { type Backend, EVALUATION_ROWS, type Network, summarize } from '@bitgrad/core';

/**
 * Multiplications that backends make in half a second, on a slow machine. Signals are heard when the event loop turns,
 * and not while a step is computed on it.
 */
const AT_ONCE: Readonly<Record<string, number>> = { ts: 1e8, wasm: 5e8, native: 2e9 };
/** Those whose trainings' steps are computed on the event loop. */
const ON_LOOP: readonly string[] = ['ts', 'wasm'];
/** Forward, and back to the weights and to the layer before. */
const PASSES = 3;

/** How many samples a network may be given at once, at least one, without signals having to wait. */
export function rowsAtOnce({ name }: Pick<Backend, 'name'>, network: Network): number {
  return Math.max(1, Math.floor((AT_ONCE[name] ?? 0) / Math.max(1, multiplications(network))));
}

/** Whether signals would have to wait for a training's step, so that they are left to the system. */
export function hasLongSteps(
  { name }: Pick<Backend, 'name'>,
  network: Network & { readonly batchSize: number },
): boolean {
  const rows = Math.max(PASSES * network.batchSize, EVALUATION_ROWS);
  return ON_LOOP.includes(name) && multiplications(network) * rows > (AT_ONCE[name] ?? 0);
}

/** With a sample. */
function multiplications(network: Network): number {
  return summarize(network).reduce((sum, row) => sum + row.multiplications, 0);
}
