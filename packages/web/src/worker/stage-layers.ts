import { type Network, type Parameter, resolve, type Shape, type Wired, wire } from '@bitgrad/core';

/**
 * A layer with weights as the page shows it: what follows it and only changes its numbers (a norm, an
 * activation, dropout) belongs to it. Its units are neurons, or filters with a map of results each.
 */
export interface StageLayer {
  /** Whether its units are filters that go over an image. */
  readonly isConv: boolean;
  /** `[in, out]`, or `[kernelHeight, kernelWidth, in, out]` of filters. */
  readonly weight: Parameter;
  readonly units: number;
  readonly node: Wired;
  /** The slice of what it is given, and its size before it is laid flat. */
  readonly input: string;
  readonly inputShape: Shape;
  /** The slice of what it gives, and its size: of filters an image, whose channels they are. */
  readonly output: string;
  readonly outputShape: Shape;
}

const FOLLOWERS: readonly string[] = ['batchNorm', 'activation', 'dropout'];

/** The layers of a network that have weights, in order. */
export function stageLayers(network: Network, mode: 'train' | 'use' = 'use'): StageLayer[] {
  const nodes = wire(resolve(network), mode);
  const layers: StageLayer[] = [];
  for (const [at, node] of nodes.entries()) {
    const weight = node.parameters.find(({ role }) => role === 'weight');
    if (weight === undefined) continue;
    let end = at + 1;
    while (FOLLOWERS.includes(nodes[end]?.spec.type ?? '')) end += 1;
    const before = nodes[at - 1];
    layers.push({
      isConv: node.spec.type === 'conv2d',
      weight,
      units: weight.shape.at(-1)!,
      node,
      input: node.input,
      inputShape: before?.spec.type === 'flatten' ? before.inputShape : node.inputShape,
      output: nodes[end]?.input ?? 'logits',
      outputShape: node.outputShape,
    });
  }
  return layers;
}

/** How many multiplications a sample costs, roughly: what looking may ask for depends on it. */
export function multiplicationsOf(network: Network): number {
  return stageLayers(network).reduce((sum, { weight, node, units }) => {
    const places = node.outputShape.reduce((product, size) => product * size, 1) / units;
    return sum + places * weight.length;
  }, 0);
}

/**
 * Calls `visit` for each weight that leads from a unit to the layer after it, with its place there: a
 * filter's weights are those from its channel, at every place of the image that follows.
 */
export function forEachWeightFrom(
  from: StageLayer,
  unit: number,
  { weight, units }: StageLayer,
  visit: (index: number, to: number) => void,
): void {
  const inputs = weight.length / units;
  for (let input = unit; input < inputs; input += from.units)
    for (let to = 0; to < units; to += 1) visit(input * units + to, to);
}
