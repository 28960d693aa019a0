import { activation } from './activation.js';
import { dense } from './dense.js';
import { dropout } from './dropout.js';
import { flatten } from './flatten.js';
import type { LayerKind } from './layer.js';
import type { LayerSpec, LayerType } from './spec.js';

/** Every kind of layer; one that is missing does not compile. */
const KINDS: { readonly [Type in LayerType]: LayerKind<Extract<LayerSpec, { type: Type }>> } = {
  dense,
  activation,
  dropout,
  flatten,
};

export const LAYER_TYPES = Object.keys(KINDS) as LayerType[];

/** The kind that a layer's description names. */
export function kindOf<Spec extends LayerSpec>({ type }: Spec): LayerKind<Spec> {
  return KINDS[type] as unknown as LayerKind<Spec>;
}
