import { littleEndianBytes } from '../file/digest.js';
import { sha256OfParts } from '../file/sha256.js';
import { resolve } from '../network/graph.js';
import { optimizerSlices } from '../network/optimizers.js';
import type { Memory } from '../program/memory.js';
import type { Recipe } from '../recipe/recipe.js';
import type { Best } from './early-stopping.js';

/** A slice that a training carries from step to step: parameters, and what the optimiser remembers. */
export interface StateSlice {
  readonly name: string;
  readonly shape: readonly number[];
}

/**
 * The slices that, with the number of epochs done, decide the rest of a training: parameters, then
 * what the optimiser remembers, in the order in which they lie in the program's arena.
 */
export function stateSlices(recipe: Recipe): StateSlice[] {
  const { nodes, parameters } = resolve(recipe);
  const remembered = nodes.flatMap((node) => optimizerSlices(node, recipe.optimizer));
  return [
    ...parameters.map(({ name, shape }) => ({ name, shape })),
    ...remembered.map(([name, , ...shape]) => ({ name, shape })),
  ];
}

/** Copies of a session's state, by slice. */
export type State = ReadonlyMap<string, Float32Array>;

/** Copies a session's state out. */
export function readState(memory: Memory, recipe: Recipe): State {
  return new Map(stateSlices(recipe).map(({ name }) => [name, memory.f32(name).slice()]));
}

/** Copies a state, which must be of this recipe, into a session. */
export function writeState(memory: Memory, recipe: Recipe, state: State): void {
  for (const { name } of stateSlices(recipe)) memory.f32(name).set(state.get(name)!);
}

/**
 * SHA-256 of all that the rest of a training follows from: the state's slices in the program's order as
 * little-endian binary32; then, where the recipe has patience, the best epoch so far (u32), its
 * validation loss (binary64) and its parameters.
 */
export function stateSha256(state: State, best: Best | null): Promise<string> {
  return sha256OfParts(
    [...state.values()].map(littleEndianBytes).concat(best ? bytesOf(best) : []),
  );
}

function bytesOf({ epoch, validationLoss, parameters }: Best): Uint8Array[] {
  const head = new DataView(new ArrayBuffer(12));
  head.setUint32(0, epoch, true);
  head.setFloat64(4, validationLoss, true);
  return [new Uint8Array(head.buffer), littleEndianBytes(parameters)];
}
