import type { SliceDeclaration } from '../program/program.js';
import { checkFields, epsilon, rate } from './fields.js';
import { type LayerKind, type Node, type ParameterSpec, parameterOf } from './layer.js';
import { type Shape, sizeOf } from './shape.js';
import { foldShards, shardSlices, sumsOf } from './shards.js';
import type { BatchNormSpec } from './spec.js';

/** A channel's values of a sample are the pixels of an image, or the one value of a feature. */
const sizesOf = (input: Shape) => {
  const channels = input.at(-1)!;
  return { pixels: sizeOf(input) / channels, channels };
};

const batchMean = ({ name }: Pick<Node, 'name'>): string => `${name}.batchMean`;
const batchVariance = ({ name }: Pick<Node, 'name'>): string => `${name}.batchVariance`;

/** See `BatchNorm` in ops.ts; scale begins at 1, shift at 0, the running statistics at 0 and 1. */
export const batchNorm: LayerKind<BatchNormSpec> = {
  storage: 'own',
  check: (raw) =>
    checkFields<BatchNormSpec>(raw, { momentum: { ...rate, fallback: 0.9 }, epsilon }),
  output: (_, input) => input,
  parameters: (_, input) => {
    const shape = [sizesOf(input).channels];
    const one = (role: string, initial: number, isTrained: boolean): ParameterSpec => ({
      role,
      shape,
      initial,
      decays: false,
      isTrained,
    });
    return [
      one('scale', 1, true),
      one('shift', 0, true),
      one('mean', 0, false),
      one('variance', 1, false),
    ];
  },
  multiplications: () => 0,
  scratch: (node, _rows, shards) => {
    const { channels } = sizesOf(node.inputShape);
    return [
      [batchMean(node), 'f32', shards, channels],
      [batchVariance(node), 'f64', shards, channels],
      ...shardSlices(node.parameters, shards),
    ] satisfies SliceDeclaration[];
  },

  forward(node, mode, shards) {
    const { spec, input, output } = node;
    const common = {
      input,
      output,
      scale: parameterOf(node, 'scale')!.name,
      shift: parameterOf(node, 'shift')!.name,
      ...sizesOf(node.inputShape),
      epsilon: spec.epsilon,
    };
    if (mode === 'use') {
      const mean = parameterOf(node, 'mean')!.name;
      const variance = parameterOf(node, 'variance')!.name;
      return [{ op: 'batchNormUse', ...common, mean, variance }];
    }
    const [mean, variance] = [batchMean(node), batchVariance(node)];
    return [{ op: 'batchNorm', ...common, mean, variance, shards }];
  },
  backward(node, shards) {
    const { spec, input, dInput, dOutput, parameters } = node;
    const scale = parameterOf(node, 'scale')!;
    return [
      {
        op: 'batchNormGrad',
        input,
        dOutput,
        scale: scale.name,
        mean: batchMean(node),
        variance: batchVariance(node),
        dInput,
        dScale: sumsOf(scale, shards),
        dShift: sumsOf(parameterOf(node, 'shift')!, shards),
        ...sizesOf(node.inputShape),
        epsilon: spec.epsilon,
        shards,
      },
      ...foldShards(parameters, shards),
    ];
  },
  remember: (node, shards) => [
    {
      op: 'runningStatistics',
      mean: batchMean(node),
      variance: batchVariance(node),
      runningMean: parameterOf(node, 'mean')!.name,
      runningVariance: parameterOf(node, 'variance')!.name,
      ...sizesOf(node.inputShape),
      momentum: Math.fround(node.spec.momentum),
      complement: Math.fround(1 - node.spec.momentum),
      shards,
    },
  ],
};
