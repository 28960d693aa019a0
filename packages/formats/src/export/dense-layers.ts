import { type ActivationName, BitgradError } from '@bitgrad/core';
import type { Exportable } from './exportable.js';

/** A dense layer and the activation that follows it. */
export interface DenseLayer {
  readonly inWidth: number;
  readonly outWidth: number;
  /** `[in, out]`. */
  readonly weight: Float32Array;
  /** `[out]`. */
  readonly bias: Float32Array;
  /** Null for none. */
  readonly activation: ActivationName | null;
}

/**
 * The layers of a network that is a chain of dense ones.
 *
 * @param format for messages
 * @throws BitgradError if it has others
 */
export function denseLayersOf({ nodes }: Exportable, format: string): DenseLayer[] {
  const layers: DenseLayer[] = [];
  for (const { spec, values, inputShape } of nodes) {
    if (spec.type === 'flatten') continue;
    const last = layers.at(-1);
    if (spec.type === 'dense' && values.weight && values.bias) {
      layers.push({
        inWidth: inputShape.reduce((product, size) => product * size, 1),
        outWidth: spec.units,
        weight: values.weight,
        bias: values.bias,
        activation: null,
      });
    } else if (spec.type === 'activation' && last?.activation === null) {
      layers[layers.length - 1] = { ...last, activation: spec.name };
    } else {
      throw new BitgradError(
        `export: expected dense layers alone for ${format}, received ${spec.type}`,
        'export as onnx or js, which have all layers',
      );
    }
  }
  return layers;
}
