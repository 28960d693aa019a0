import { activation } from './activation.js';
import { batchNorm } from './batch-norm.js';
import { conv2d } from './conv2d.js';
import { dense } from './dense.js';
import { dropout } from './dropout.js';
import { flatten } from './flatten.js';
import type { LayerKind } from './layer.js';
import { averagePool2d, globalAveragePool2d, maxPool2d } from './pool2d.js';
import type { LayerSpec, LayerType } from './spec.js';

/** Every kind of layer; one that is missing does not compile. */
const KINDS: { readonly [Type in LayerType]: LayerKind<Extract<LayerSpec, { type: Type }>> } = {
  dense,
  conv2d,
  maxPool2d,
  averagePool2d,
  globalAveragePool2d,
  batchNorm,
  activation,
  dropout,
  flatten,
};

export const LAYER_TYPES = Object.keys(KINDS) as LayerType[];

/** The kind that a layer's description names. */
export function kindOf<Spec extends LayerSpec>({ type }: Spec): LayerKind<Spec> {
  return KINDS[type] as unknown as LayerKind<Spec>;
}
