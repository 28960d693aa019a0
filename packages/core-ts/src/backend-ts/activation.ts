import { exp } from '../math/exp.js';
import { sigmoid } from '../math/sigmoid.js';
import { tanh } from '../math/tanh.js';
import type { ActivationName } from '../program/ops.js';

const { fround } = Math;
const LEAKY_SLOPE = fround(0.01);

type Function1 = (value: number) => number;
type Derivative = (result: number, gradient: number) => number;

/** Each function beside its derivative; the derivative is given the function's result. */
const ACTIVATIONS: Readonly<
  Record<ActivationName, { apply: Function1; multiplyDerivative: Derivative }>
> = {
  relu: {
    apply: (v) => (v <= 0 ? 0 : v),
    multiplyDerivative: (y, d) => (y > 0 ? d : 0),
  },
  sigmoid: {
    apply: sigmoid,
    multiplyDerivative: (y, d) => fround(d * fround(y * fround(1 - y))),
  },
  tanh: {
    apply: tanh,
    multiplyDerivative: (y, d) => fround(d * fround(1 - fround(y * y))),
  },
  'leaky-relu': {
    apply: (v) => (v > 0 ? v : fround(v * LEAKY_SLOPE)),
    multiplyDerivative: (y, d) => (y > 0 ? d : fround(d * LEAKY_SLOPE)),
  },
  elu: {
    apply: (v) => (v > 0 ? v : fround(exp(v) - 1)),
    multiplyDerivative: (y, d) => (y > 0 ? d : fround(d * fround(y + 1))),
  },
};

/** Replaces the first `length` values by the function's results. */
export function activate(name: ActivationName, values: Float32Array, length: number): void {
  const { apply } = ACTIVATIONS[name];
  for (let i = 0; i < length; i += 1) values[i] = apply(values[i]!);
}

/** Multiplies the first `length` gradients by the derivative. */
export function activateGrad(
  name: ActivationName,
  results: Float32Array,
  gradients: Float32Array,
  length: number,
): void {
  const { multiplyDerivative } = ACTIVATIONS[name];
  for (let i = 0; i < length; i += 1) {
    gradients[i] = multiplyDerivative(results[i]!, gradients[i]!);
  }
}
