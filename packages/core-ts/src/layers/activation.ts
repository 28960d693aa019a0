import { activationName, checkFields } from './fields.js';
import { type LayerKind, NO_PARAMETERS } from './layer.js';
import { sizeOf } from './shape.js';
import type { ActivationSpec } from './spec.js';

/** A function of each number, in place; its derivative is written in terms of its result. */
export const activation: LayerKind<ActivationSpec> = {
  ...NO_PARAMETERS,
  storage: 'inPlace',
  check: (raw) => checkFields<ActivationSpec>(raw, { name: activationName }),
  output: (_, input) => input,
  forward: ({ spec, input: output, inputShape }) => [
    { op: 'activation', output, width: sizeOf(inputShape), activation: spec.name },
  ],
  backward: ({ spec, input: output, dInput: dOutput, inputShape }) =>
    dOutput === null
      ? []
      : [
          {
            op: 'activationGrad',
            output,
            dOutput,
            width: sizeOf(inputShape),
            activation: spec.name,
          },
        ],
};
