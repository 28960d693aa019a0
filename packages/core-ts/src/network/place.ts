import type { LayerSpec } from '../layers/spec.js';
import type { Network } from './network.js';

/** A layer in its place, with what the recipe puts around it. */
export interface PlacedLayer {
  readonly spec: LayerSpec;
  /** Its place in the recipe's `layers`, or null where it was put in by itself. */
  readonly item: number | null;
  /** False directly before a norm, whose shift stands for a bias. */
  readonly hasBias: boolean;
}

/** A layer whose sums an activation follows. */
type Weighted = Extract<LayerSpec, { readonly activation?: unknown }>;

const isWeighted = (spec: LayerSpec): spec is Weighted =>
  spec.type === 'dense' || spec.type === 'conv2d';
const isNorm = (spec: LayerSpec | undefined): boolean => spec?.type === 'batchNorm';

/**
 * Puts in what a recipe says of all layers at once: its activation after every hidden layer with
 * weights (after the norm that directly follows it, if one does), unless the layer itself or an
 * activation directly after says otherwise; then its dropout.
 */
export function placeLayers(network: Network, specs: readonly LayerSpec[]): PlacedLayer[] {
  const { dropout = 0 } = network;
  const lastWeighted = specs.map(isWeighted).lastIndexOf(true);
  const placed: PlacedLayer[] = [];
  const take = (at: number): void => {
    placed.push({ spec: specs[at]!, item: at + 1, hasBias: !isNorm(specs[at + 1]) });
  };
  const put = (spec: LayerSpec): void => {
    placed.push({ spec, item: null, hasBias: true });
  };
  for (let at = 0; at < specs.length; at += 1) {
    const spec = specs[at]!;
    take(at);
    if (!isWeighted(spec)) continue;
    const isHidden = at !== lastWeighted;
    if (isNorm(specs[at + 1])) {
      at += 1;
      take(at);
    }
    const isFollowed = specs[at + 1]?.type === 'activation';
    const usual = isHidden ? network.activation : network.outputActivation;
    const name = spec.activation ?? (isFollowed ? 'none' : usual);
    if (name !== 'none') put({ type: 'activation', name });
    if (isFollowed) {
      at += 1;
      take(at);
    }
    if (isHidden && dropout > 0) put({ type: 'dropout', rate: dropout });
  }
  return placed;
}
