import { BitgradError } from '../errors.js';
import { inputShapeOf, named, specsOf } from '../layers/items.js';
import { kindOf } from '../layers/kinds.js';
import type { Mode, Node, Parameter, ParameterSpec, Wired } from '../layers/layer.js';
import { type Shape, sizeOf } from '../layers/shape.js';
import type { LayerSpec } from '../layers/spec.js';
import type { Network } from './network.js';
import { type PlacedLayer, placeLayers } from './place.js';

/** A network whose layers stand in order, with their shapes and parameters. */
export interface Graph {
  readonly inputShape: Shape;
  /** How many numbers a sample is. */
  readonly features: number;
  /** How many numbers the network gives for a sample. */
  readonly outputs: number;
  readonly nodes: readonly Node[];
  /** Of all nodes, in model order: layer 0 weight, layer 0 bias, layer 1 weight, … */
  readonly parameters: readonly Parameter[];
}

/**
 * Works out a network's shapes and parameters, which everything else takes from here.
 *
 * @throws BitgradError that names the layer that does not fit
 */
export function resolve(network: Network): Graph {
  const inputShape = inputShapeOf(network.layers);
  const placed = placeLayers(network, specsOf(network.layers));
  const nodes: Node[] = [];
  const parameters: Parameter[] = [];
  const shape = (): Shape => nodes.at(-1)?.outputShape ?? inputShape;
  for (const layer of placed) {
    if (layer.spec.type === 'dense' && shape().length > 1) {
      append({ spec: { type: 'flatten' }, item: null, hasBias: true }, nodes, shape(), parameters);
    }
    append(layer, nodes, shape(), parameters);
  }
  checkLearns(nodes);
  const whole = nodes.map(nameEnd(nodes));
  return {
    inputShape,
    features: sizeOf(inputShape),
    outputs: sizeOf(shape()),
    nodes: whole,
    parameters,
  };
}

function append(
  { spec, item, hasBias }: PlacedLayer,
  nodes: Node[],
  inputShape: Shape,
  all: Parameter[],
): void {
  const kind = kindOf(spec);
  named(spec, item, () => checkPlace(nodes.at(-1), spec));
  const outputShape = named(spec, item, () => kind.output(spec, inputShape));
  const specs = kind.parameters(spec, inputShape, hasBias);
  const ordinal = nodes.filter((node) => node.spec.type === spec.type).length;
  const layers = nodes.filter((node) => node.parameters.length > 0).length;
  const name = specs.length > 0 ? `layers.${layers}` : `${spec.type}.${ordinal}`;
  const parameters = specs.map((one) => placeParameter(one, name, all));
  const isImpliedDropout = spec.type === 'dropout' && item === null;
  const output = isImpliedDropout ? `layers.${layers - 1}.dropped` : `${name}.output`;
  const dOutput = `${name}.dOutput`;
  nodes.push({
    spec,
    name,
    item,
    inputShape,
    outputShape,
    parameters,
    ordinal,
    output,
    dOutput,
  });
}

/** Gives a parameter the next place among all. */
function placeParameter(spec: ParameterSpec, layer: string, all: Parameter[]): Parameter {
  const { role, shape } = spec;
  const previous = all.at(-1);
  const parameter: Parameter = {
    ...spec,
    name: `${layer}.${role}`,
    gradient: `${layer}.d${role[0]!.toUpperCase()}${role.slice(1)}`,
    start: previous === undefined ? 0 : previous.start + previous.length,
    length: sizeOf(shape),
  };
  all.push(parameter);
  return parameter;
}

/** An activation's gradient is worked out from its result, which must still be there. */
function checkPlace(before: Node | undefined, spec: LayerSpec): void {
  if (kindOf(spec).storage !== 'inPlace' || before?.spec.type !== 'activation') return;
  throw new BitgradError(
    spec.type === 'activation'
      ? 'expected a layer between two activations, received none'
      : 'expected no activation directly before it, whose result it would write over',
  );
}

function checkLearns(nodes: readonly Node[]): void {
  if (nodes.every(({ parameters }) => parameters.length === 0)) {
    throw new BitgradError('expected at least one layer with weights, received none');
  }
  const last = nodes.at(-1)!;
  if (last.spec.type === 'dropout') {
    named(last.spec, last.item, () => {
      throw new BitgradError('expected a layer after it, received none: it would drop outputs');
    });
  }
}

/** The last slice of a result holds the logits. */
function nameEnd(nodes: readonly Node[]): (node: Node) => Node {
  const last = nodes.filter(({ spec }) => kindOf(spec).storage === 'own').at(-1);
  return (node) => (node === last ? { ...node, output: 'logits', dOutput: 'dLogits' } : node);
}

/** The nodes with the slices that they work on: each reads what the one before gave. */
export function wire({ nodes }: Graph, mode: Mode): Wired[] {
  let value = 'input';
  let gradient: string | null = null;
  return nodes.map((node) => {
    const { storage } = kindOf(node.spec);
    const wired: Wired = { ...node, input: value, dInput: gradient };
    if (storage === 'own' || (storage === 'training' && mode === 'train')) value = node.output;
    if (storage === 'own' && (gradient !== null || node.parameters.length > 0)) {
      gradient = node.dOutput;
    }
    return wired;
  });
}
