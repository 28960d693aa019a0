import {
  beginPass,
  compileInference,
  denseWidths,
  type Model,
  typescriptBackend,
  writeParameters,
} from '@bitgrad/core';
import type { Trace } from './protocol.js';

/**
 * What looks inside a network. Every backend gives the same bits, but only this one writes all of
 * them, as long as samples are not frozen: the others pass on a layer's input as a list of what is
 * not 0, and leave `input` blank.
 */
export const OPEN_BACKEND = typescriptBackend();

/** Sends one image through a network and keeps what each layer gave. */
export function traceSample(model: Model, pixels: Uint8Array): Trace {
  const { recipe, parameters } = model;
  const { preprocess } = recipe;
  const layers = denseWidths(recipe)!;
  const session = OPEN_BACKEND.open(
    compileInference(recipe, { sampleCount: 1, capacity: 1, preprocess, shift: null }),
  );
  try {
    const { memory } = session;
    writeParameters(memory, recipe, parameters);
    memory.u8('samples').set(pixels);
    beginPass(memory, 1);
    session.run('predict', 1);
    const names = ['input', ...outputNames(layers)];
    return {
      activations: names.map((name, layer) => memory.f32(name).slice(0, layers[layer])),
      probabilities: memory.f32('probabilities').slice(),
    };
  } finally {
    session.close();
  }
}

/** The slices that hold each layer's output; the last one's are the logits. */
export function outputNames(layers: readonly number[]): string[] {
  return layers
    .slice(1)
    .map((_, layer) => (layer === layers.length - 2 ? 'logits' : `layers.${layer}.output`));
}
