import type { Op } from '../program/ops.js';
import type { SliceDeclaration } from '../program/program.js';
import type { Shape } from './shape.js';
import type { LayerSpec } from './spec.js';

/** A parameter as its layer's kind declares it. */
export interface ParameterSpec {
  /** `weight`, `bias`, …: the last part of its name. */
  readonly role: string;
  readonly shape: readonly number[];
  /** What it begins with: random numbers scaled by how many it joins, or one number. */
  readonly initial: { readonly fanIn: number; readonly fanOut: number } | number;
  /** Whether L2 and weight decay pull on it. */
  readonly decays: boolean;
  /** Whether an optimiser changes it. */
  readonly isTrained: boolean;
}

/** A parameter of a network. */
export interface Parameter extends ParameterSpec {
  /** The name of its slice and of its tensor in files, as in `layers.0.weight`. */
  readonly name: string;
  /** The slice of its gradient, as in `layers.0.dWeight`. */
  readonly gradient: string;
  /** Its place among all parameters, in elements. */
  readonly start: number;
  readonly length: number;
}

/** A layer of a network whose shapes are known. */
export interface Node<Spec extends LayerSpec = LayerSpec> {
  readonly spec: Spec;
  /** What its slices' names begin with, as in `layers.0`. */
  readonly name: string;
  /** Its place in the recipe's `layers`, or null where it was put in by itself. */
  readonly item: number | null;
  readonly inputShape: Shape;
  readonly outputShape: Shape;
  readonly parameters: readonly Parameter[];
  /** Its place among the network's nodes of its kind. */
  readonly ordinal: number;
  /** The slices of its result and of the loss's gradient by that, where it has slices of its own. */
  readonly output: string;
  readonly dOutput: string;
}

/** `use` looks only: nothing is dropped, nothing remembered. */
export type Mode = 'train' | 'use';

/** A node and the slices that it works on in one mode. */
export interface Wired<Spec extends LayerSpec = LayerSpec> extends Node<Spec> {
  /** `[rows, …inputShape]`. */
  readonly input: string;
  /** `[rows, …inputShape]`, or null where nothing before the node learns. */
  readonly dInput: string | null;
}

/** What a kind of layer is: one object of this form for each, in a file of its own. */
export interface LayerKind<Spec extends LayerSpec> {
  /**
   * Where the result goes: into a slice of the layer's own, over its input (`inPlace`, for what never
   * follows an activation, whose gradient needs what it gave), into a slice of
   * its own only while training (`training`; it changes nothing in use), or nowhere, because it
   * changes nothing (`none`).
   */
  readonly storage: 'own' | 'inPlace' | 'training' | 'none';
  /** Whether it takes nothing but images `[height, width, channels]`. */
  readonly takesImages?: true;
  /**
   * Reads what a recipe says of a layer, and fills in what it leaves out.
   *
   * @throws BitgradError that says what was expected and what was received
   */
  check(raw: Readonly<Record<string, unknown>>): Spec;
  /** @throws BitgradError where the layer does not fit its input */
  output(spec: Spec, input: Shape): Shape;
  /** @param hasBias false where a batchNorm follows directly, whose shift stands for the bias */
  parameters(spec: Spec, input: Shape, hasBias: boolean): readonly ParameterSpec[];
  /** Multiplications of parameters with a sample's numbers. */
  multiplications(spec: Spec, input: Shape): number;
  /** What training needs beside values and gradients: `rows` of a step at most. */
  scratch(node: Node<Spec>, rows: number, shards: number): readonly SliceDeclaration[];
  forward(node: Wired<Spec>, mode: Mode, shards: number): Op[];
  /**
   * With the loss's gradient at the output in `dOutput`: the parameters' gradients, and that at the
   * input in `dInput`, where that is not null.
   *
   * @param shards into how many parts sums over rows are cut
   */
  backward(node: Wired<Spec>, shards: number): Op[];
  /** What a step leaves in parameters that no optimiser changes. */
  remember?(node: Wired<Spec>, shards: number): Op[];
}

/** What a layer without parameters has of some of these. */
export const NO_PARAMETERS = {
  parameters: () => [],
  multiplications: () => 0,
  scratch: () => [],
} as const;

/** The node's parameter of this role; every kind asks only for those that it declared. */
export function parameterOf({ parameters }: Node, role: string): Parameter | undefined {
  return parameters.find((one) => one.role === role);
}
