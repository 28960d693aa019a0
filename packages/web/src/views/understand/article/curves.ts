/** The activation functions and their derivatives, for plotting only. */

export interface Curve {
  readonly name: string;
  readonly value: (v: number) => number;
  readonly slope: (v: number) => number;
  /** What of the plot is shown, from bottom to top. */
  readonly range: readonly [number, number];
}

const sigmoid = (v: number) => 1 / (1 + Math.exp(-v));

export const CURVES: readonly Curve[] = [
  {
    name: 'Sigmoid',
    value: sigmoid,
    slope: (v) => sigmoid(v) * (1 - sigmoid(v)),
    range: [-0.25, 1.25],
  },
  {
    name: 'tanh',
    value: Math.tanh,
    slope: (v) => 1 - Math.tanh(v) ** 2,
    range: [-1.25, 1.25],
  },
  {
    name: 'ReLU',
    value: (v) => Math.max(0, v),
    slope: (v) => Number(v > 0),
    range: [-0.5, 3],
  },
];
