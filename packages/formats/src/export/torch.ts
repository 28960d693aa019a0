import { encodeSafetensors, type Standardization } from '@bitgrad/core';
import { describeModel } from './descriptions.js';
import type { Exportable } from './exportable.js';
import { channelsFirst, sequentialOf } from './torch-layers.js';

/**
 * Writes safetensors with the names and shapes of PyTorch's `nn.Sequential(nn.Linear(…), nn.ReLU(),
 * nn.Linear(…))`: `0.weight` `[out, in]`, `0.bias` `[out]`, `2.weight`, … The metadata hold the
 * network's definition (`sequential`), how its input is prepared (`input`; images are `[batch, channels,
 * height, width]` there, which `shape` says), and whether its output
 * goes through softmax or sigmoid (`output`) or is scaled (`outputScale`: `output · deviation + mean`): PyTorch does
 * these outside of the network.
 */
export function exportTorch(model: Exportable): Uint8Array {
  const { preprocess, standardization, targets, outputFunction, inputShape } = model;
  const { tensors, modules } = sequentialOf(model);
  const input = {
    preprocess,
    ...(inputShape.length === 3 && { shape: channelsFirst(inputShape) }),
    ...(standardization ? numbersOf(standardization) : { mean: null, deviation: null }),
  };
  return encodeSafetensors({
    tensors,
    metadata: {
      format: 'pt',
      sequential: `nn.Sequential(${modules.join(', ')})`,
      input: JSON.stringify(input),
      output: outputFunction === 'none' ? 'numbers' : outputFunction,
      ...(targets && { outputScale: JSON.stringify(numbersOf(targets)) }),
      ...describeModel(model),
    },
  });
}

function numbersOf({ mean, deviation }: Standardization) {
  return { mean: Array.from(mean), deviation: Array.from(deviation) };
}
