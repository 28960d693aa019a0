import { parameterShapes, type Recipe } from '@bitgrad/core';
import type { WeightImages } from './protocol.js';

/** As many units as can be told apart on a page. */
const MOST_UNITS = 64;

/** The first layer's weights `[features, units]`, turned into one image for each unit. */
export function weightImages(recipe: Recipe, parameters: Float32Array): WeightImages {
  const [weight] = parameterShapes(recipe);
  const [features, width] = weight!.shape as [number, number];
  const units = Math.min(MOST_UNITS, width);
  const values = new Float32Array(units * features);
  for (let feature = 0; feature < features; feature += 1)
    for (let unit = 0; unit < units; unit += 1)
      values[unit * features + feature] = parameters[feature * width + unit]!;
  return { values, units };
}
