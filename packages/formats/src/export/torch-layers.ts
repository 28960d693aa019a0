import {
  type ActivationName,
  BitgradError,
  type ImageShape,
  poolWindowOf,
  type Tensor,
  type Window,
  windowOf,
} from '@bitgrad/core';
import { byKind, type Exportable, type ExportNode, type PerKind } from './exportable.js';
import { paddingAfter } from './padding-after.js';
import { permuted } from './permuted.js';

const ACTIVATIONS: Readonly<Record<ActivationName, string>> = {
  relu: 'nn.ReLU()',
  sigmoid: 'nn.Sigmoid()',
  tanh: 'nn.Tanh()',
  'leaky-relu': 'nn.LeakyReLU(0.01)',
  elu: 'nn.ELU()',
};

/** `[height, width, channels]` as PyTorch has it. */
export function channelsFirst([height, width, channels]: ImageShape): readonly number[] {
  return [channels, height, width];
}

/** The modules of an `nn.Sequential` so far, and their tensors. */
class Sequential {
  readonly modules: string[] = [];
  readonly tensors: Tensor[] = [];
  /** What was flattened, in PyTorch's order, channel by channel, until a dense layer sorts it. */
  flattened: ImageShape | null = null;

  /** Adds a module with its tensors, by the names that PyTorch gives them. */
  add(module: string, tensors: Readonly<Record<string, Omit<Tensor, 'name'>>> = {}): void {
    for (const [name, tensor] of Object.entries(tensors)) {
      this.tensors.push({ name: `${this.modules.length}.${name}`, ...tensor });
    }
    this.modules.push(module);
  }
}

/** The modules and tensors of a network as an `nn.Sequential`. */
export function sequentialOf({ nodes }: Exportable): Sequential {
  const network = new Sequential();
  for (const node of nodes) byKind(MODULES, node, network);
  if (network.flattened || nodes.at(-1)!.outputShape.length === 3) {
    throw new BitgradError(
      'export: expected a dense layer or gap at the end for torch, received an image, whose numbers stand in another order there',
      'export as onnx',
    );
  }
  return network;
}

/** Padding on each side; where it is even, modules take it themselves. */
function paddingOf(window: Window) {
  const { paddingTop: top, paddingLeft: left } = window;
  const { bottom, right } = paddingAfter(window);
  const isEven = top === bottom && left === right;
  const isNone = top + bottom + left + right === 0;
  return {
    sides: `(${left}, ${right}, ${top}, ${bottom})`,
    isEven,
    isNone,
    both: `(${top}, ${left})`,
  };
}

const sizesOf = ({ kernelHeight, kernelWidth, strideVertical, strideHorizontal }: Window): string =>
  `(${kernelHeight}, ${kernelWidth}), stride=(${strideVertical}, ${strideHorizontal})`;

const vector = (values: Float32Array): Omit<Tensor, 'name'> => ({ shape: [values.length], values });

/** A pool's window, padded by a module of its own where its sides differ or are wide. */
function addPool(
  network: Sequential,
  name: 'MaxPool2d' | 'AvgPool2d',
  window: Window,
  rest: string,
): void {
  const { sides, isEven, isNone, both } = paddingOf(window);
  const { paddingTop, paddingLeft, kernelHeight, kernelWidth } = window;
  const isNarrow = 2 * paddingTop <= kernelHeight && 2 * paddingLeft <= kernelWidth;
  if (isNone || (isEven && isNarrow)) {
    const padding = isNone ? '' : `, padding=${both}`;
    network.add(`nn.${name}(${sizesOf(window)}${padding}${rest})`);
    return;
  }
  if (name === 'AvgPool2d') {
    throw new BitgradError(
      `export: expected an average pool with even padding for torch, received ${sides}`,
      'export as onnx, or use padding valid',
    );
  }
  network.add(`nn.ConstantPad2d(${sides}, float('-inf'))`);
  network.add(`nn.${name}(${sizesOf(window)})`);
}

const MODULES: PerKind<[network: Sequential], void> = {
  dense: (node, network) => {
    const { spec, values, inputShape } = node;
    const inWidth = inputShape[0];
    const weight = permuted(sortedRows(node, network.flattened), [inWidth, spec.units], [1, 0]);
    const bias = values.bias ? '' : ', bias=False';
    network.flattened = null;
    network.add(`nn.Linear(${inWidth}, ${spec.units}${bias})`, {
      weight: { shape: [spec.units, inWidth], values: weight },
      ...(values.bias && { bias: vector(values.bias) }),
    });
  },
  conv2d: ({ spec, parameters, values, inputShape }, network) => {
    const window = windowOf(spec, inputShape);
    const [height, width, channels, filters] = parameters[0]!.shape as [
      number,
      number,
      number,
      number,
    ];
    const { sides, isEven, isNone, both } = paddingOf(window);
    if (!isEven) network.add(`nn.ZeroPad2d(${sides})`);
    const padding = isEven && !isNone ? `, padding=${both}` : '';
    const bias = values.bias ? '' : ', bias=False';
    network.add(`nn.Conv2d(${channels}, ${filters}, ${sizesOf(window)}${padding}${bias})`, {
      weight: {
        shape: [filters, channels, height, width],
        values: permuted(values.weight!, parameters[0]!.shape, [3, 2, 0, 1]),
      },
      ...(values.bias && { bias: vector(values.bias) }),
    });
  },
  maxPool2d: ({ spec, inputShape }, network) =>
    addPool(network, 'MaxPool2d', poolWindowOf(spec, inputShape), ''),
  averagePool2d: ({ spec, inputShape }, network) =>
    addPool(network, 'AvgPool2d', poolWindowOf(spec, inputShape), ', count_include_pad=False'),
  globalAveragePool2d: (_, network) => {
    network.add('nn.AdaptiveAvgPool2d(1)');
    network.add('nn.Flatten()');
  },
  batchNorm: ({ spec, values, inputShape }, network) => {
    const of = (role: string): Omit<Tensor, 'name'> =>
      vector(byChannel(values[role]!, network.flattened));
    const dimensions = inputShape.length === 3 ? '2d' : '1d';
    const momentum = Number((1 - spec.momentum).toPrecision(12));
    network.add(
      `nn.BatchNorm${dimensions}(${inputShape.at(-1)}, eps=${spec.epsilon}, momentum=${momentum})`,
      {
        weight: of('scale'),
        bias: of('shift'),
        running_mean: of('mean'),
        running_var: of('variance'),
      },
    );
  },
  activation: ({ spec }, network) => network.add(ACTIVATIONS[spec.name]),
  dropout: () => undefined,
  flatten: ({ inputShape }, network) => {
    network.flattened = inputShape as ImageShape;
    network.add('nn.Flatten()');
  },
};

/** A dense layer's weight `[in, out]` with its rows in the order in which PyTorch flattens images. */
function sortedRows({ values, spec }: ExportNode, flattened: ImageShape | null): Float32Array {
  if (flattened === null || spec.type !== 'dense') return values.weight!;
  return permuted(values.weight!, [...flattened, spec.units], [2, 0, 1, 3]);
}

function byChannel(values: Float32Array, flattened: ImageShape | null): Float32Array {
  return flattened === null ? values : permuted(values, flattened, [2, 0, 1]);
}
