import type { Model } from '@bitgrad/core';
import type { Trace } from '../../worker/protocol.js';
import { type StageLayer, stageLayers } from '../../worker/stage-layers.js';

/** A trace, with the parameters that made it. */
export interface Journey {
  readonly trace: Trace;
  readonly model: Model;
  /** The digit with the greatest probability. */
  readonly answer: number;
}

export function journeyOf(trace: Trace, model: Model): Journey {
  const { probabilities } = trace;
  const answer = probabilities.indexOf(probabilities.reduce((a, b) => Math.max(a, b)));
  return { trace, model, answer };
}

/** A unit, and what it adds to what follows. */
export interface Contribution {
  readonly unit: number;
  readonly value: number;
  readonly weight: number;
  /** `value · weight`, or of a filter the sum of that over its map. */
  readonly product: number;
}

/** The units that are active, the strongest first. */
export function strongestUnits(values: Float32Array, most: number): number[] {
  return Array.from(values.keys())
    .sort((a, b) => Math.abs(values[b]!) - Math.abs(values[a]!))
    .slice(0, most);
}

/** A layer's weights, units last, and its biases; 0 where a norm stands for them. */
export function layerOf({ recipe, parameters }: Model, layer: number) {
  const { weight, units, node } = stageLayers(recipe)[layer]!;
  const take = ({ start, length }: StageLayer['weight']) =>
    parameters.subarray(start, start + length);
  const bias = node.parameters.find(({ role }) => role === 'bias');
  return {
    weight: take(weight),
    bias: bias ? take(bias) : new Float32Array(units),
    outWidth: units,
  };
}

/** What the last hidden layer's units add to one output, the largest part first, and the output's bias. */
export function evidenceFor({ trace, model }: Journey, output: number) {
  const layers = stageLayers(model.recipe);
  const { weight, bias, outWidth } = layerOf(model, layers.length - 1);
  const { lastInput } = trace;
  const units = layers.at(-1)!.inputShape.at(-1)!;
  const isConv = lastInput.length > units;
  const contributions: Contribution[] = Array.from({ length: units }, (_, unit) => {
    let product = 0;
    for (let at = unit; at < lastInput.length; at += units)
      product += lastInput[at]! * weight[at * outWidth + output]!;
    return { unit, value: lastInput[unit]!, weight: weight[unit * outWidth + output]!, product };
  });
  contributions.sort((a, b) => Math.abs(b.product) - Math.abs(a.product));
  return { contributions, isConv, bias: bias[output]!, sum: trace.activations.at(-1)![output]! };
}
