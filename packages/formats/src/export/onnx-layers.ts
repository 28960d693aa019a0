import { type ActivationName, poolWindowOf, type Window, windowOf } from '@bitgrad/core';
import type { Exportable, ExportNode, PerKind } from './exportable.js';
import type { OnnxGraph } from './onnx-graph.js';
import type { Attribute } from './onnx-schema.js';
import { paddingAfter } from './padding-after.js';
import { permuted } from './permuted.js';

const ACTIVATIONS: Readonly<Record<ActivationName, readonly [string, ...Attribute[]]>> = {
  relu: ['Relu'],
  sigmoid: ['Sigmoid'],
  tanh: ['Tanh'],
  'leaky-relu': ['LeakyRelu', { name: 'alpha', kind: 'float', value: Math.fround(0.01) }],
  elu: ['Elu', { name: 'alpha', kind: 'float', value: 1 }],
};

/** ONNX's images are `[batch, channels, height, width]`, Bitgrad's `[batch, height, width, channels]`. */
export function enterImages(graph: OnnxGraph, { inputShape }: Exportable): void {
  if (inputShape.length !== 3) return;
  graph.shape('input.shape', [-1, ...inputShape]);
  graph.apply('Reshape', ['input.shape'], 'input.image');
  graph.apply('Transpose', [], 'input.channels', [transposition(0, 3, 1, 2)]);
}

/** The rows of numbers that images are, in Bitgrad's order. */
export function leaveImages(graph: OnnxGraph, name: string): void {
  graph.apply('Transpose', [], `${name}.image`, [transposition(0, 2, 3, 1)]);
  graph.apply('Flatten', [], `${name}.flat`, [{ name: 'axis', kind: 'integer', value: 1 }]);
}

const transposition = (...axes: number[]): Attribute => ({
  name: 'perm',
  kind: 'integers',
  value: axes,
});

/** A window's size, step, and padding before and after. */
function windowAttributes(window: Window): Attribute[] {
  const { kernelHeight, kernelWidth, paddingTop, paddingLeft } = window;
  const { strideVertical, strideHorizontal } = window;
  const { bottom, right } = paddingAfter(window);
  return [
    { name: 'kernel_shape', kind: 'integers', value: [kernelHeight, kernelWidth] },
    { name: 'strides', kind: 'integers', value: [strideVertical, strideHorizontal] },
    { name: 'pads', kind: 'integers', value: [paddingTop, paddingLeft, bottom, right] },
  ];
}

/** The constants of a node, and their names. */
function addConstants(graph: OnnxGraph, { parameters, values }: ExportNode): string[] {
  return parameters.map(({ name, role, shape }) => {
    graph.constant(name, shape, values[role]!);
    return name;
  });
}

/** The operators that each kind of layer becomes. */
export const OPERATORS: PerKind<[graph: OnnxGraph], void> = {
  dense: (node, graph) => {
    const names = addConstants(graph, node);
    graph.apply(names.length === 2 ? 'Gemm' : 'MatMul', names, `${node.name}.sums`);
  },
  conv2d: ({ name, spec, parameters, values, inputShape }, graph) => {
    const [weight, bias] = parameters;
    const [height, width, channels, filters] = weight!.shape as [number, number, number, number];
    const shape = [filters, channels, height, width];
    graph.constant(weight!.name, shape, permuted(values.weight!, weight!.shape, [3, 2, 0, 1]));
    if (bias) graph.constant(bias.name, bias.shape, values.bias!);
    const names = [weight, bias].flatMap((one) => (one ? [one.name] : []));
    graph.apply('Conv', names, `${name}.sums`, windowAttributes(windowOf(spec, inputShape)));
  },
  maxPool2d: ({ name, spec, inputShape }, graph) => {
    const window = poolWindowOf(spec, inputShape);
    graph.apply('MaxPool', [], `${name}.output`, windowAttributes(window));
  },
  averagePool2d: ({ name, spec, inputShape }, graph) => {
    const window = poolWindowOf(spec, inputShape);
    graph.apply('AveragePool', [], `${name}.output`, windowAttributes(window));
  },
  globalAveragePool2d: ({ name }, graph) => {
    graph.apply('GlobalAveragePool', [], `${name}.output`);
    graph.apply('Flatten', [], `${name}.flat`, [{ name: 'axis', kind: 'integer', value: 1 }]);
  },
  batchNorm: (node, graph) => {
    const epsilon: Attribute = { name: 'epsilon', kind: 'float', value: node.spec.epsilon };
    graph.apply('BatchNormalization', addConstants(graph, node), `${node.name}.output`, [epsilon]);
  },
  activation: ({ name, spec }, graph) => {
    const [operator, ...attributes] = ACTIVATIONS[spec.name];
    graph.apply(operator, [], `${name}.output`, attributes);
  },
  dropout: () => undefined,
  flatten: ({ name }, graph) => leaveImages(graph, name),
};
