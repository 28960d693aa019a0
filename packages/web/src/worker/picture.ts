import { type Recipe, windowOf } from '@bitgrad/core';
import type { NetworkPicture, ViewWindow } from './protocol.js';
import { forEachWeightFrom, type StageLayer, stageLayers } from './stage-layers.js';

/** As many units of a layer as can be told apart on a page, by how many layers stand beside each other. */
const MOST_ALONE = 64;
const MOST_OF_SEVERAL = 32;
const MOST_OF_MANY = 16;

/**
 * What the page draws of a network: the first layer's weights as one image for each of its units,
 * and the weights between the units that are drawn. Units beyond them are left out, not averaged; of
 * filters, a line is the sum of all weights that lead from one to the other.
 */
export function pictureOf(recipe: Recipe, parameters: Float32Array): NetworkPicture {
  const stage = stageLayers(recipe);
  const most = stage.length > 4 ? MOST_OF_MANY : stage.length > 2 ? MOST_OF_SEVERAL : MOST_ALONE;
  const layers = stage.map(({ units, isConv }) => ({
    units,
    shown: Math.min(most, units),
    isConv,
  }));
  const first = stage[0]!;
  return {
    ...imageSizeOf(first),
    images: imagesOf(first, parameters, layers[0]!.shown),
    window: viewWindowOf(first),
    layers,
    links: stage
      .slice(1)
      .map((to, at) =>
        linksBetween(stage[at]!, to, parameters, [layers[at]!.shown, layers[at + 1]!.shown]),
      ),
  };
}

/** How large the image of a unit's weights is. */
function imageSizeOf({ isConv, weight, inputShape }: StageLayer) {
  const [height, width] = isConv ? weight.shape : inputShape;
  return width === undefined || (!isConv && inputShape.length === 1)
    ? { height: 28, width: 28 }
    : { height: height!, width };
}

/** How the first layer's filters go over the image; null where it has none. */
function viewWindowOf({ node: { spec, inputShape } }: StageLayer): ViewWindow | null {
  return spec.type === 'conv2d' ? windowOf(spec, inputShape) : null;
}

/** The weights into the first units, turned: `[units, in]`. */
function imagesOf({ weight, units }: StageLayer, parameters: Float32Array, shown: number) {
  const inputs = weight.length / units;
  const images = new Float32Array(shown * inputs);
  for (let input = 0; input < inputs; input += 1)
    for (let unit = 0; unit < shown; unit += 1)
      images[unit * inputs + input] = parameters[weight.start + input * units + unit]!;
  return images;
}

/** The weights from the first units of a layer to the first of the next: `[from, to]`. */
function linksBetween(
  from: StageLayer,
  to: StageLayer,
  parameters: Float32Array,
  [shownFrom, shownTo]: readonly [number, number],
): Float32Array {
  const links = new Float32Array(shownFrom * shownTo);
  for (let unit = 0; unit < shownFrom; unit += 1)
    forEachWeightFrom(from, unit, to, (index, target) => {
      if (target >= shownTo) return;
      links[unit * shownTo + target]! += parameters[to.weight.start + index]!;
    });
  return links;
}
