import { resolve } from '../network/graph.js';
import { optimizerSlices } from '../network/optimizers.js';
import type { Memory } from '../program/memory.js';
import type { Recipe } from '../recipe/recipe.js';

/** A slice that a training carries from step to step: parameters, and what the optimiser remembers. */
export interface StateSlice {
  readonly name: string;
  readonly shape: readonly number[];
}

/** The slices that, with the number of epochs done, decide the rest of a training. */
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
