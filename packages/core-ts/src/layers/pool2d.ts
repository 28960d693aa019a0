import { checkFields, padding, size } from './fields.js';
import { type LayerKind, NO_PARAMETERS } from './layer.js';
import type { Shape } from './shape.js';
import type { AveragePool2dSpec, GlobalAveragePool2dSpec, MaxPool2dSpec } from './spec.js';
import { imageOf, poolWindowOf, wholeWindowOf } from './window.js';

type Pool2dSpec = MaxPool2dSpec | AveragePool2dSpec;

const readPool = <Spec extends Pool2dSpec>(raw: Readonly<Record<string, unknown>>): Spec =>
  checkFields<Pool2dSpec>(raw, {
    poolSize: size(2),
    strides: size(raw.poolSize ?? 2),
    padding: padding('valid'),
  }) as Spec;

function poolOutput(spec: Pool2dSpec, input: Shape): Shape {
  const { outHeight, outWidth, channels } = poolWindowOf(spec, input);
  return [outHeight, outWidth, channels];
}

/** The greatest value of each window; its gradient goes to the first of the greatest. */
export const maxPool2d: LayerKind<MaxPool2dSpec> = {
  ...NO_PARAMETERS,
  storage: 'own',
  takesImages: true,
  check: readPool<MaxPool2dSpec>,
  output: poolOutput,
  forward: ({ spec, inputShape, input, output }) => [
    { op: 'maxPool2d', input, output, ...poolWindowOf(spec, inputShape) },
  ],
  backward: ({ spec, inputShape, input, dInput, dOutput }) =>
    dInput === null
      ? []
      : [{ op: 'maxPool2dGrad', input, dOutput, dInput, ...poolWindowOf(spec, inputShape) }],
};

/** The mean of each window's values inside the image. */
export const averagePool2d: LayerKind<AveragePool2dSpec> = {
  ...NO_PARAMETERS,
  storage: 'own',
  takesImages: true,
  check: readPool<AveragePool2dSpec>,
  output: poolOutput,
  forward: ({ spec, inputShape, input, output }) => [
    { op: 'averagePool2d', input, output, ...poolWindowOf(spec, inputShape) },
  ],
  backward: ({ spec, inputShape, dInput, dOutput }) =>
    dInput === null
      ? []
      : [{ op: 'averagePool2dGrad', dOutput, dInput, ...poolWindowOf(spec, inputShape) }],
};

/** The mean of each channel over the image. */
export const globalAveragePool2d: LayerKind<GlobalAveragePool2dSpec> = {
  ...NO_PARAMETERS,
  storage: 'own',
  takesImages: true,
  check: (raw) => checkFields<GlobalAveragePool2dSpec>(raw, {}),
  output: (_, input) => [imageOf(input)[2]],
  forward: ({ inputShape, input, output }) => [
    { op: 'averagePool2d', input, output, ...wholeWindowOf(inputShape) },
  ],
  backward: ({ inputShape, dInput, dOutput }) =>
    dInput === null
      ? []
      : [{ op: 'averagePool2dGrad', dOutput, dInput, ...wholeWindowOf(inputShape) }],
};
