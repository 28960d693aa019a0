import {
  type ActivationName,
  encodeSafetensors,
  type Standardization,
  type Tensor,
} from '@bitgrad/core';
import { describeModel } from './descriptions.js';
import type { Exportable } from './exportable.js';

const ACTIVATIONS: Readonly<Record<ActivationName, string>> = {
  relu: 'nn.ReLU()',
  sigmoid: 'nn.Sigmoid()',
  tanh: 'nn.Tanh()',
  'leaky-relu': 'nn.LeakyReLU(0.01)',
  elu: 'nn.ELU()',
};

/**
 * Writes safetensors with the names and shapes of PyTorch's `nn.Sequential(nn.Linear(…), nn.ReLU(),
 * nn.Linear(…))`: `0.weight` `[out, in]`, `0.bias` `[out]`, `2.weight`, … The metadata hold the
 * network's definition (`sequential`), how its input is prepared (`input`), and whether its output
 * goes through softmax (`output`) or is scaled (`outputScale`: `output · deviation + mean`): PyTorch does
 * these outside of the network.
 */
export function exportTorch(model: Exportable): Uint8Array {
  const { layers, preprocess, standardization, targets, isRegression } = model;
  const tensors: Tensor[] = [];
  const modules: string[] = [];
  for (const { inWidth, outWidth, weight, bias, activation } of layers) {
    const name = String(modules.length);
    const values = transpose(weight, inWidth, outWidth);
    tensors.push({ name: `${name}.weight`, shape: [outWidth, inWidth], values });
    tensors.push({ name: `${name}.bias`, shape: [outWidth], values: bias });
    modules.push(`nn.Linear(${inWidth}, ${outWidth})`);
    if (activation !== null) modules.push(ACTIVATIONS[activation]);
  }
  const input = {
    preprocess,
    ...(standardization ? numbersOf(standardization) : { mean: null, deviation: null }),
  };
  return encodeSafetensors({
    tensors,
    metadata: {
      format: 'pt',
      sequential: `nn.Sequential(${modules.join(', ')})`,
      input: JSON.stringify(input),
      output: isRegression ? 'numbers' : 'softmax',
      ...(targets && { outputScale: JSON.stringify(numbersOf(targets)) }),
      ...describeModel(model),
    },
  });
}

function numbersOf({ mean, deviation }: Standardization) {
  return { mean: Array.from(mean), deviation: Array.from(deviation) };
}

/** `[rows, columns]` to `[columns, rows]`. */
function transpose(values: Float32Array, rows: number, columns: number): Float32Array {
  const transposed = new Float32Array(values.length);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      transposed[column * rows + row] = values[row * columns + column]!;
    }
  }
  return transposed;
}
