import { denseWidths, type Model, parameterShapes } from '@bitgrad/core';
import type { Trace } from '../../worker/protocol.js';

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
}

/** The units of a layer that are active, the strongest first. */
export function strongestUnits(values: Float32Array, most: number): number[] {
  return Array.from(values.keys())
    .sort((a, b) => Math.abs(values[b]!) - Math.abs(values[a]!))
    .slice(0, most);
}

/** A dense layer's weights `[in, out]` and biases `[out]`. */
export function layerOf({ recipe, parameters }: Model, layer: number) {
  const find = (kind: string) => {
    const { start, length } = parameterShapes(recipe).find(
      ({ name }) => name === `layers.${layer}.${kind}`,
    )!;
    return parameters.subarray(start, start + length);
  };
  return { weight: find('weight'), bias: find('bias'), outWidth: denseWidths(recipe)![layer + 1]! };
}

/** What the last hidden layer adds to one output, the largest part first, and the output's bias. */
export function evidenceFor({ trace, model }: Journey, output: number) {
  const last = denseWidths(model.recipe)!.length - 2;
  const { weight, bias, outWidth } = layerOf(model, last);
  const values = trace.activations[last]!;
  const contributions: Contribution[] = Array.from(values, (value, unit) => ({
    unit,
    value,
    weight: weight[unit * outWidth + output]!,
  }));
  contributions.sort((a, b) => Math.abs(b.value * b.weight) - Math.abs(a.value * a.weight));
  return { contributions, bias: bias[output]!, sum: trace.activations[last + 1]![output]! };
}
