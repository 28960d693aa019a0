import type { Dropout } from '../program/ops.js';
import { checkFields, rate } from './fields.js';
import { type LayerKind, NO_PARAMETERS, type Wired } from './layer.js';
import { sizeOf } from './shape.js';
import type { DropoutSpec } from './spec.js';

/**
 * Keeps a number where its random word is at least `⌊rate · 2^32⌋`, and scales it by
 * `fround(1 ÷ (1 − rate))`; the gradient goes the same way.
 */
export const dropout: LayerKind<DropoutSpec> = {
  ...NO_PARAMETERS,
  storage: 'training',
  check: (raw) => checkFields<DropoutSpec>(raw, { rate }),
  output: (_, input) => input,
  forward: (node, mode) => (mode === 'use' ? [] : [dropoutOp(node, node.input, node.output)]),
  backward: (node) => (node.dInput === null ? [] : [dropoutOp(node, node.dInput, node.dInput)]),
};

function dropoutOp(
  { spec, ordinal, inputShape }: Wired<DropoutSpec>,
  input: string,
  output: string,
): Dropout {
  return {
    op: 'dropout',
    input,
    output,
    place: 'dropoutPlace',
    width: sizeOf(inputShape),
    layer: ordinal,
    threshold: Math.floor(spec.rate * 0x100000000),
    scale: Math.fround(1 / (1 - spec.rate)),
  };
}
