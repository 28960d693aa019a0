import {
  beginPass,
  compileInference,
  type Model,
  type Recipe,
  type Session,
  typescriptBackend,
  writeParameters,
} from '@bitgrad/core';
import type { Trace } from './protocol.js';
import { stageLayers } from './stage-layers.js';

/**
 * What looks inside a network. Every backend gives the same bits, but only this one writes all of
 * them, as long as samples are not frozen: the others pass on a layer's input as a list of what is
 * not 0, and leave `input` blank.
 */
export const OPEN_BACKEND = typescriptBackend();

/** The session of the last network that was looked into: who draws asks the same one many times. */
let last: { readonly recipe: Recipe; readonly session: Session } | null = null;

function sessionFor(recipe: Recipe): Session {
  if (last?.recipe === recipe) return last.session;
  last?.session.close();
  const { preprocess } = recipe;
  const session = OPEN_BACKEND.open(
    compileInference(recipe, { sampleCount: 1, capacity: 1, preprocess, shift: null }),
  );
  last = { recipe, session };
  return session;
}

/** Sends one image through a network and keeps what each layer gave. */
export function traceSample(model: Model, pixels: Uint8Array): Trace {
  const { recipe, parameters } = model;
  const layers = stageLayers(recipe);
  const session = sessionFor(recipe);
  const { memory } = session;
  writeParameters(memory, recipe, parameters);
  memory.u8('samples').set(pixels);
  beginPass(memory, 1);
  session.run('predict', 1);
  const first = layers[0]!;
  // Slices have room for more rows than the one that is asked for.
  const read = (name: string, shape: readonly number[]) =>
    memory.f32(name).slice(
      0,
      shape.reduce((product, size) => product * size, 1),
    );
  const end = layers.at(-1)!;
  return {
    activations: [
      read('input', [pixels.length]),
      ...layers.map(({ output, outputShape }) => read(output, outputShape)),
    ],
    shapes: [first.inputShape, ...layers.map(({ outputShape }) => outputShape)],
    lastInput: read(end.input, end.inputShape),
    probabilities: memory.f32('probabilities').slice(),
  };
}
