import {
  type ActivationName,
  poolWindowOf,
  type Window,
  wholeWindowOf,
  windowOf,
} from '@bitgrad/core';
import { base64 } from './bytes.js';
import type { ExportNode, PerKind } from './exportable.js';
import type { FunctionName } from './javascript-source.js';

const ACTIVATIONS: Readonly<Record<ActivationName, FunctionName>> = {
  relu: 'relu',
  sigmoid: 'sigmoid',
  tanh: 'tanh',
  'leaky-relu': 'leakyRelu',
  elu: 'elu',
};

/** A layer as an object of the module, and the functions that it needs. */
export interface LayerSource {
  readonly source: string;
  readonly functions: readonly FunctionName[];
}

function layer(
  apply: FunctionName,
  members: Readonly<Record<string, string>>,
  ...others: FunctionName[]
): LayerSource {
  const lines = Object.entries({ apply, ...members }).map(
    ([name, text]) => `    ${name}: ${text},\n`,
  );
  return { source: `  {\n${lines.join('')}  },\n`, functions: [apply, ...others] };
}

const decoded = (values: Float32Array): string => `decode('${base64(values)}')`;

const parametersOf = ({ values }: ExportNode): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([role, numbers]) => [role, decoded(numbers)]));

const windowMembers = (window: Window): Record<string, string> =>
  Object.fromEntries(Object.entries(window).map(([name, value]) => [name, String(value)]));

/** What each kind of layer becomes; null for nothing. */
export const LAYERS: PerKind<[], LayerSource | null> = {
  dense: (node) =>
    layer('dense', { outputs: String(node.spec.units), ...parametersOf(node) }, 'addBias'),
  conv2d: (node) => {
    const window = windowMembers(windowOf(node.spec, node.inputShape));
    const members = { filters: String(node.spec.filters), ...window, ...parametersOf(node) };
    return layer('conv2d', members, 'windows', 'addBias');
  },
  maxPool2d: ({ spec, inputShape }) =>
    layer('maxPool2d', windowMembers(poolWindowOf(spec, inputShape)), 'windows'),
  averagePool2d: ({ spec, inputShape }) =>
    layer('averagePool2d', windowMembers(poolWindowOf(spec, inputShape)), 'windows'),
  globalAveragePool2d: ({ inputShape }) =>
    layer('averagePool2d', windowMembers(wholeWindowOf(inputShape)), 'windows'),
  batchNorm: (node) =>
    layer('batchNorm', { epsilon: String(node.spec.epsilon), ...parametersOf(node) }),
  activation: ({ spec }) =>
    layer('activate', { activation: ACTIVATIONS[spec.name] }, ACTIVATIONS[spec.name]),
  dropout: () => null,
  flatten: () => null,
};
