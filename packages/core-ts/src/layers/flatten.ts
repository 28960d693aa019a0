import { checkFields } from './fields.js';
import { type LayerKind, NO_PARAMETERS } from './layer.js';
import { sizeOf } from './shape.js';
import type { FlattenSpec } from './spec.js';

/** An image as one row: the same numbers in the same places of memory. */
export const flatten: LayerKind<FlattenSpec> = {
  ...NO_PARAMETERS,
  storage: 'none',
  check: (raw) => checkFields<FlattenSpec>(raw, {}),
  output: (_, input) => [sizeOf(input)],
  forward: () => [],
  backward: () => [],
};
