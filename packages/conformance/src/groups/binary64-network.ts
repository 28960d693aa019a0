import { type ActivationName, denseWidths, type Network } from '@bitgrad/core';

/**
 * A network's mean loss in binary64, written from its mathematics: what finite differences are
 * taken of. It shares nothing with any backend, and its accuracy is the engine's `Math`.
 */
export interface Forward {
  readonly meanLoss: number;
  /** The argument of an activation with a kink that lies nearest to it. */
  readonly nearestKink: number;
}

/**
 * @param parameters in model order
 * @param inputs `[rows, features]`
 * @param labels `[rows]`
 */
export function forward64(
  network: Network,
  parameters: Float64Array,
  inputs: ArrayLike<number>,
  labels: ArrayLike<number>,
): Forward {
  const widths = denseWidths(network)!;
  const features = widths[0]!;
  let nearestKink = Number.POSITIVE_INFINITY;
  let sum = 0;
  for (let row = 0; row < labels.length; row += 1) {
    let values = Array.from({ length: features }, (_, f) => inputs[row * features + f]!);
    let start = 0;
    for (let layer = 1; layer < widths.length; layer += 1) {
      const width = widths[layer]!;
      const isLast = layer === widths.length - 1;
      const activation = isLast ? network.outputActivation : network.activation;
      const bias = start + values.length * width;
      const sums = Array.from({ length: width }, (_, j) =>
        values.reduce(
          (total, value, i) => total + value * parameters[start + i * width + j]!,
          parameters[bias + j]!,
        ),
      );
      if (['relu', 'leaky-relu', 'elu'].includes(activation)) {
        nearestKink = Math.min(nearestKink, ...sums.map(Math.abs));
      }
      values = activation === 'none' ? sums : sums.map((v) => apply64(activation, v));
      start = bias + width;
    }
    const largest = Math.max(...values);
    const total = values.reduce((part, value) => part + Math.exp(value - largest), 0);
    sum += Math.log(total) - (values[labels[row]!]! - largest);
  }
  return { meanLoss: sum / labels.length, nearestKink };
}

function apply64(activation: ActivationName, v: number): number {
  switch (activation) {
    case 'relu':
      return Math.max(0, v);
    case 'sigmoid':
      return 1 / (1 + Math.exp(-v));
    case 'tanh':
      return Math.tanh(v);
    case 'leaky-relu':
      return v > 0 ? v : v * 0.01;
    case 'elu':
      return v > 0 ? v : Math.expm1(v);
  }
}
