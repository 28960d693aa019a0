import { parameterShapes, type Recipe } from '@bitgrad/core';
import type { NetworkPicture } from './protocol.js';

/** As many units of a layer as can be told apart on a page: alone, and where further layers follow. */
const MOST_ALONE = 64;
const MOST_OF_SEVERAL = 32;

/**
 * What the page draws of a network: the first layer's weights as one image for each of its units,
 * and the weights between the units that are drawn. Units beyond them are left out, not averaged.
 */
export function pictureOf(recipe: Recipe, parameters: Float32Array): NetworkPicture {
  const weights = parameterShapes(recipe)
    .filter(({ shape }) => shape.length === 2)
    .map(({ shape, start, length }) => ({
      inWidth: shape[0]!,
      outWidth: shape[1]!,
      values: parameters.subarray(start, start + length),
    }));
  const most = weights.length > 2 ? MOST_OF_SEVERAL : MOST_ALONE;
  const layers = weights.map(({ outWidth }) => ({
    units: outWidth,
    shown: Math.min(most, outWidth),
  }));
  return {
    images: imagesOf(weights[0]!, layers[0]!.shown),
    layers,
    links: weights.slice(1).map((weight, at) => {
      const [from, to] = [layers[at]!.shown, layers[at + 1]!.shown];
      return block(weight, from, to);
    }),
  };
}

interface Weight {
  readonly inWidth: number;
  readonly outWidth: number;
  /** `[in, out]`. */
  readonly values: Float32Array;
}

/** The weights into the first units, turned: `[units, in]`. */
function imagesOf({ inWidth, outWidth, values }: Weight, units: number): Float32Array {
  const images = new Float32Array(units * inWidth);
  for (let input = 0; input < inWidth; input += 1)
    for (let unit = 0; unit < units; unit += 1)
      images[unit * inWidth + input] = values[input * outWidth + unit]!;
  return images;
}

/** The weights from the first `from` units to the first `to`: `[from, to]`. */
function block({ outWidth, values }: Weight, from: number, to: number): Float32Array {
  const shown = new Float32Array(from * to);
  for (let input = 0; input < from; input += 1) {
    const start = input * outWidth;
    shown.set(values.subarray(start, start + to), input * to);
  }
  return shown;
}
