import { checkFields, filters, optionalActivation, padding, size } from './fields.js';
import { type LayerKind, parameterOf } from './layer.js';
import { foldShards, shardSlices, sumsOf } from './shards.js';
import type { Conv2dSpec } from './spec.js';
import { windowOf } from './window.js';

/** `output[r, y, x, o] = (Σ_{i, j, c} input[r, y', x', c] · weight[i, j, c, o]) + bias[o]`. */
export const conv2d: LayerKind<Conv2dSpec> = {
  storage: 'own',
  takesImages: true,
  check: (raw) =>
    checkFields<Conv2dSpec>(raw, {
      filters,
      kernelSize: size(3),
      strides: size(1),
      padding: padding('same'),
      activation: optionalActivation,
    }),
  output: (spec, input) => {
    const { outHeight, outWidth } = windowOf(spec, input);
    return [outHeight, outWidth, spec.filters];
  },
  parameters: (spec, input, hasBias) => {
    const { kernelHeight, kernelWidth, channels } = windowOf(spec, input);
    const places = kernelHeight * kernelWidth;
    const shape = [kernelHeight, kernelWidth, channels, spec.filters];
    const initial = { fanIn: places * channels, fanOut: places * spec.filters };
    return [
      { role: 'weight', shape, initial, decays: true, isTrained: true },
      ...(hasBias
        ? [{ role: 'bias', shape: [spec.filters], initial: 0, decays: false, isTrained: true }]
        : []),
    ];
  },
  multiplications: (spec, input) => {
    const { outHeight, outWidth, kernelHeight, kernelWidth, channels } = windowOf(spec, input);
    return outHeight * outWidth * kernelHeight * kernelWidth * channels * spec.filters;
  },
  scratch: ({ parameters }, _rows, shards) => shardSlices(parameters, shards),

  forward: (node) => [
    {
      op: 'conv2d',
      input: node.input,
      weight: parameterOf(node, 'weight')!.name,
      bias: parameterOf(node, 'bias')?.name ?? null,
      output: node.output,
      ...windowOf(node.spec, node.inputShape),
      filters: node.spec.filters,
    },
  ],
  backward(node, shards) {
    const { spec, input, dInput, dOutput, parameters } = node;
    const weight = parameterOf(node, 'weight')!;
    const bias = parameterOf(node, 'bias');
    const window = { ...windowOf(spec, node.inputShape), filters: spec.filters };
    return [
      ...(dInput === null
        ? []
        : [{ op: 'conv2dInputGrad', dOutput, weight: weight.name, dInput, ...window } as const]),
      {
        op: 'conv2dWeightGrad',
        input,
        dOutput,
        dWeight: sumsOf(weight, shards),
        dBias: bias === undefined ? null : sumsOf(bias, shards),
        ...window,
        shards,
      },
      ...foldShards(parameters, shards),
    ];
  },
};
