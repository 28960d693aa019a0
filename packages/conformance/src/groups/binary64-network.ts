import { type ActivationName, type Network, type Node, resolve } from '@bitgrad/core';
import { type Image, pool64, windows64 } from './binary64-images.js';

/**
 * A network's mean loss in binary64, written from its mathematics: what finite differences are
 * taken of. It shares nothing with any backend but the shapes, and its accuracy is the engine's `Math`.
 */
export interface Forward {
  readonly meanLoss: number;
  /** The distance to the nearest place where the loss has a kink: of an activation, or of a maximum. */
  readonly nearestKink: number;
}

/** Parameters by role, and a place to say how near a kink is. */
interface Context {
  readonly of: (node: Node, role: string) => Float64Array | undefined;
  readonly kink: (distance: number) => void;
}

/** What a layer makes of all samples of a step, in training. */
type Step = (rows: number[][], node: Node, context: Context) => number[][];

/**
 * @param parameters in model order
 * @param inputs `[rows, features]`
 * @param labels `[rows]`; with binary cross-entropy, a label's own output is yes and all others no
 */
export function forward64(
  network: Network,
  parameters: Float64Array,
  inputs: ArrayLike<number>,
  labels: ArrayLike<number>,
): Forward {
  const { nodes, features } = resolve(network);
  let nearestKink = Number.POSITIVE_INFINITY;
  const context: Context = {
    of: (node, role) => {
      const found = node.parameters.find((one) => one.role === role);
      return found && parameters.subarray(found.start, found.start + found.length);
    },
    kink: (distance) => {
      nearestKink = Math.min(nearestKink, distance);
    },
  };
  let rows = Array.from(labels, (_, row) =>
    Array.from({ length: features }, (_, f) => inputs[row * features + f]!),
  );
  for (const node of nodes) rows = STEPS[node.spec.type](rows, node, context);
  const losses = rows.map((logits, row) => {
    if (network.loss === 'binary-cross-entropy') {
      const costs = logits.map((z, at) => Math.log1p(Math.exp(labels[row] === at ? -z : z)));
      return mean64(costs);
    }
    const largest = Math.max(...logits);
    const total = logits.reduce((part, value) => part + Math.exp(value - largest), 0);
    return Math.log(total) - (logits[labels[row]!]! - largest);
  });
  return { meanLoss: losses.reduce((sum, loss) => sum + loss, 0) / losses.length, nearestKink };
}

const imageOf = (values: number[], { inputShape }: Node): Image => {
  const [height, width, channels] = inputShape as [number, number, number];
  return { at: (y, x, c) => values[(y * width + x) * channels + c]!, height, width, channels };
};

const STEPS: Readonly<Record<Node['spec']['type'], Step>> = {
  dense: (rows, node, { of }) => {
    const [inWidth, width] = node.parameters[0]!.shape as [number, number];
    const weight = of(node, 'weight')!;
    const bias = of(node, 'bias');
    return rows.map((values) =>
      Array.from({ length: width }, (_, j) => {
        let sum = bias?.[j] ?? 0;
        for (let i = 0; i < inWidth; i += 1) sum += values[i]! * weight[i * width + j]!;
        return sum;
      }),
    );
  },
  conv2d: (rows, node, { of }) => {
    if (node.spec.type !== 'conv2d') throw new Error('expected a convolution');
    const { filters } = node.spec;
    const [, kernelWidth, channels] = node.parameters[0]!.shape as [number, number, number];
    const weight = of(node, 'weight')!;
    const bias = of(node, 'bias');
    const places = windows64(node.spec, node.inputShape);
    return rows.map((values) => {
      const image = imageOf(values, node);
      return places.flatMap((place) =>
        Array.from({ length: filters }, (_, o) => {
          let sum = bias?.[o] ?? 0;
          for (const { y, x, i, j } of place) {
            for (let c = 0; c < channels; c += 1) {
              const tap = ((i * kernelWidth + j) * channels + c) * filters + o;
              sum += image.at(y, x, c) * weight[tap]!;
            }
          }
          return sum;
        }),
      );
    });
  },
  maxPool2d: (rows, node, { kink }) =>
    rows.map((values) =>
      pool64(imageOf(values, node), node.spec, (inside) => {
        const [first, second] = [...inside].sort((a, b) => b - a);
        if (second !== undefined) kink(first! - second);
        return first!;
      }),
    ),
  averagePool2d: (rows, node) =>
    rows.map((values) => pool64(imageOf(values, node), node.spec, mean64)),
  globalAveragePool2d: (rows, node) =>
    rows.map((values) => {
      const { channels } = imageOf(values, node);
      return Array.from({ length: channels }, (_, c) =>
        mean64(values.filter((_, at) => at % channels === c)),
      );
    }),
  batchNorm: (rows, node, { of }) => {
    if (node.spec.type !== 'batchNorm') throw new Error('expected a norm');
    const { epsilon } = node.spec;
    const channels = node.inputShape.at(-1)!;
    const [scale, shift] = [of(node, 'scale')!, of(node, 'shift')!];
    const statistics = Array.from({ length: channels }, (_, c) => {
      const all = rows.flatMap((values) => values.filter((_, at) => at % channels === c));
      const mean = mean64(all);
      return { mean, deviation: Math.sqrt(mean64(all.map((v) => (v - mean) ** 2)) + epsilon) };
    });
    return rows.map((values) =>
      values.map((value, at) => {
        const c = at % channels;
        const { mean, deviation } = statistics[c]!;
        return ((value - mean) / deviation) * scale[c]! + shift[c]!;
      }),
    );
  },
  activation: (rows, { spec }, { kink }) => {
    if (spec.type !== 'activation') throw new Error('expected an activation');
    const { name } = spec;
    if (['relu', 'leaky-relu', 'elu'].includes(name)) {
      for (const values of rows) for (const value of values) kink(Math.abs(value));
    }
    return rows.map((values) => values.map((value) => apply64(name, value)));
  },
  dropout: () => {
    throw new Error('expected no dropout, whose draws differences cannot take');
  },
  flatten: (rows) => rows,
};

const mean64 = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

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
