import type { Dataset } from '../dataset.js';
import { outputsOf } from '../dataset.js';
import { kindOf } from '../layers/kinds.js';
import type { LayerItem } from '../layers/spec.js';
import { resolve } from './graph.js';

/**
 * Completes layers as people write them in short, each end for itself: a first item that is an image, or
 * a number equal to the data's features, is the input; a last number equal to the outputs is the output.
 * What is missing is put in.
 *
 * @param layers may be hidden layers alone
 */
export function completeLayers(layers: readonly LayerItem[], dataset: Dataset): LayerItem[] {
  const { features, image } = dataset;
  const [first] = layers;
  const isWhole = first === features || Array.isArray(first);
  const needsImage = layers.some(
    // What has yet to be checked may name no kind.
    (item) => typeof item === 'object' && 'type' in item && kindOf(item)?.takesImages,
  );
  const input: LayerItem =
    needsImage && image ? [image.height, image.width, image.channels ?? 1] : features;
  const items = isWhole ? [...layers] : [input, ...layers];
  const outputs = outputsOf(dataset);
  const givesOutputs = items.length > 1 && outputsFrom(items) === outputs;
  return givesOutputs ? items : [...items, outputs];
}

/** How many numbers layers give, or null where they do not fit each other. */
function outputsFrom(layers: readonly LayerItem[]): number | null {
  try {
    return resolve({ layers, activation: 'relu', outputActivation: 'none' }).outputs;
  } catch {
    return null;
  }
}
