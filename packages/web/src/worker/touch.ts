import { denseWidths, type Model, parameterShapes } from '@bitgrad/core';
import type { Touch } from './protocol.js';

export const UNTOUCHED: Touch = { off: [], painted: [], weight: null };

/** A network with what a reader changed of it; the one in training stays as it is. */
export function touched(model: Model, touch: Touch): Model {
  const { off, painted, weight: single } = touch;
  if (off.length + painted.length === 0 && single === null) return model;
  const parameters = model.parameters.slice();
  const widths = denseWidths(model.recipe)!;
  const weights = parameterShapes(model.recipe)
    .filter(({ shape }) => shape.length === 2)
    .map(({ start, length }) => parameters.subarray(start, start + length));
  for (const { layer, unit } of off) {
    const width = widths[layer + 2];
    if (width !== undefined) weights[layer + 1]!.fill(0, unit * width, (unit + 1) * width);
  }
  for (const { unit, values } of painted)
    for (const [input, value] of values.entries()) weights[0]![input * widths[1]! + unit] = value;
  if (single !== null) weights[single.layer]![single.index] = single.value;
  return { ...model, parameters };
}
