import {
  type ActivationName,
  poolWindowOf,
  type Shape,
  type Window,
  wholeWindowOf,
  windowOf,
} from '@bitgrad/core';
import type { CFunction } from './c-source.js';
import { floats, lines } from './c-text.js';
import type { ExportNode, PerKind } from './exportable.js';
import { quantizeWeight } from './quantize.js';

/** A layer as C: its constants, the functions that it needs, and a call. */
export interface CLayer {
  readonly constants: string;
  readonly functions: readonly CFunction[];
  /** Whether what it gives lies where its input did. */
  readonly isInPlace: boolean;
  /** How many numbers it gives. */
  readonly size: number;
  readonly call: (from: string, to: string) => string;
}

/** Where a layer stands, which its constants are numbered by, and whether weights are bytes. */
type Place = [index: number, isQuantized: boolean];

const ACTIVATIONS: Readonly<Record<ActivationName, CFunction>> = {
  relu: 'relu',
  sigmoid: 'sigmoid',
  tanh: 'tanh',
  'leaky-relu': 'leaky_relu',
  elu: 'elu',
};

const sizeOf = (shape: Shape): number => shape.reduce((product, size) => product * size, 1);

/** Weights and biases, and the arguments that stand for them. */
function weighted({ values }: ExportNode, outputs: number, [index, isQuantized]: Place) {
  const { weight, bias } = values as { weight: Float32Array; bias?: Float32Array };
  const biases = bias === undefined ? '' : floats(`bitgrad_bias_${index}`, bias);
  const names = [`bitgrad_weight_${index}`, bias === undefined ? '0' : `bitgrad_bias_${index}`];
  if (!isQuantized) {
    return { constants: floats(names[0]!, weight) + biases, argumentList: names.join(', ') };
  }
  const { values: bytes, scales } = quantizeWeight(weight, outputs);
  const array = `static const int8_t ${names[0]}[${bytes.length}] = {\n${lines(Array.from(bytes, String))}};\n`;
  const scale = `bitgrad_scale_${index}`;
  return {
    constants: array + floats(scale, scales) + biases,
    argumentList: [names[0], scale, names[1]].join(', '),
  };
}

function windowed(window: Window, name: CFunction, index: number): CLayer {
  const { outHeight, outWidth, channels } = window;
  return {
    constants: windowConstant(window, index),
    functions: ['window', name],
    isInPlace: false,
    size: outHeight * outWidth * channels,
    call: (from, to) => `bitgrad_${name}(${from}, ${to}, &bitgrad_window_${index});`,
  };
}

/** The members in the order of `bitgrad_window`. */
function windowConstant(window: Window, index: number): string {
  const members = [
    [window.height, window.width, window.channels],
    [window.kernelHeight, window.kernelWidth],
    [window.strideVertical, window.strideHorizontal],
    [window.paddingTop, window.paddingLeft],
    [window.outHeight, window.outWidth],
  ];
  return `static const bitgrad_window bitgrad_window_${index} = { ${members.flat().join(', ')} };\n`;
}

/** What each kind of layer becomes; null for nothing. */
export const C_LAYERS: PerKind<Place, CLayer | null> = {
  dense(node, ...place) {
    const { constants, argumentList } = weighted(node, node.spec.units, place);
    const sizes = [sizeOf(node.inputShape), node.spec.units];
    return {
      constants,
      functions: ['add', 'dense'],
      isInPlace: false,
      size: sizeOf(node.outputShape),
      call: (from, to) =>
        `bitgrad_dense(${from}, ${sizes[0]}, ${to}, ${sizes[1]}, ${argumentList});`,
    };
  },
  conv2d(node, ...place) {
    const { filters } = node.spec;
    const { constants, argumentList } = weighted(node, filters, place);
    const [index] = place;
    return {
      constants: windowConstant(windowOf(node.spec, node.inputShape), index) + constants,
      functions: ['window', 'add', 'conv2d'],
      isInPlace: false,
      size: sizeOf(node.outputShape),
      call: (from, to) =>
        `bitgrad_conv2d(${from}, ${to}, &bitgrad_window_${index}, ${filters}, ${argumentList});`,
    };
  },
  maxPool2d: ({ spec, inputShape }, index) =>
    windowed(poolWindowOf(spec, inputShape), 'max_pool', index),
  averagePool2d: ({ spec, inputShape }, index) =>
    windowed(poolWindowOf(spec, inputShape), 'average_pool', index),
  globalAveragePool2d: ({ inputShape }, index) =>
    windowed(wholeWindowOf(inputShape), 'average_pool', index),
  batchNorm({ spec, inputShape, values }, index) {
    const { scale, shift, mean, variance } = values as Record<string, Float32Array>;
    const inverse = variance!.map((value) => 1 / Math.sqrt(value + spec.epsilon));
    const arrays = { mean, inverse, scale, shift } as Record<string, Float32Array>;
    const named = Object.entries(arrays).map(
      ([role, numbers]) => [`bitgrad_norm_${role}_${index}`, numbers] as const,
    );
    const list = named.map(([name]) => name).join(', ');
    return {
      constants: named.map(([name, numbers]) => floats(name, numbers)).join(''),
      functions: ['batch_norm'],
      isInPlace: true,
      size: sizeOf(inputShape),
      call: (from) =>
        `bitgrad_batch_norm(${from}, ${sizeOf(inputShape)}, ${inputShape.at(-1)}, ${list});`,
    };
  },
  activation({ spec, inputShape }) {
    const name = ACTIVATIONS[spec.name];
    return {
      constants: '',
      functions: [name, 'activate'],
      isInPlace: true,
      size: sizeOf(inputShape),
      call: (from) => `bitgrad_activate(${from}, ${sizeOf(inputShape)}, bitgrad_${name});`,
    };
  },
  dropout: () => null,
  flatten: () => null,
};
