import { kindOf } from '../layers/kinds.js';
import type { Shape } from '../layers/shape.js';
import { nodeText } from '../layers/text.js';
import { resolve } from './graph.js';
import type { Network } from './network.js';

/** A layer in a table of a network's layers. */
export interface LayerSummary {
  /** As in `layers.0`, or null of a layer without parameters. */
  readonly name: string | null;
  /** As one would type it: `conv32:5/2`, `relu`. */
  readonly layer: string;
  readonly outputShape: Shape;
  readonly parameters: number;
  /** For one sample in use. */
  readonly multiplications: number;
}

/** What a network's layers make of a sample, one after the other. */
export function summarize(network: Network): LayerSummary[] {
  return resolve(network).nodes.map(({ spec, name, inputShape, outputShape, parameters }) => ({
    name: parameters.length > 0 ? name : null,
    layer: nodeText(spec),
    outputShape,
    parameters: parameters.reduce((sum, { length }) => sum + length, 0),
    multiplications: kindOf(spec).multiplications(spec, inputShape),
  }));
}
