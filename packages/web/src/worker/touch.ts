import type { Model } from '@bitgrad/core';
import type { Touch } from './protocol.js';
import { forEachWeightFrom, stageLayers } from './stage-layers.js';

export const UNTOUCHED: Touch = { off: [], painted: [], weight: null };

/** A network with what a reader changed of it; the one in training stays as it is. */
export function touched(model: Model, touch: Touch): Model {
  const { off, painted, weight: single } = touch;
  if (off.length + painted.length === 0 && single === null) return model;
  const parameters = model.parameters.slice();
  const layers = stageLayers(model.recipe);
  const weights = layers.map(({ weight: { start, length } }) =>
    parameters.subarray(start, start + length),
  );
  for (const { layer, unit } of off) {
    const [from, next] = [layers[layer], layers[layer + 1]];
    if (from === undefined || next === undefined) continue;
    forEachWeightFrom(from, unit, next, (index) => {
      weights[layer + 1]![index] = 0;
    });
  }
  const { units } = layers[0]!;
  for (const { unit, values } of painted)
    for (const [input, value] of values.entries()) weights[0]![input * units + unit] = value;
  if (single !== null) weights[single.layer]![single.index] = single.value;
  return { ...model, parameters };
}
