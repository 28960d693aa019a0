import type { StepNumbers } from '../../worker/protocol.js';

/** What back-propagation did at one hidden unit, for the first sample of a step. */
export interface UnitNumbers {
  readonly unit: number;
  /** What the unit gave. */
  readonly value: number;
  /** `Σ_k dz_k · w_jk`: how the loss changes with the unit's result. */
  readonly blame: number;
  /** The same at the unit's sum, behind its activation's derivative. */
  readonly gradient: number;
}

/** What happened to one weight. */
export interface WeightNumbers {
  /** The input that it comes from. */
  readonly from: number;
  readonly before: number;
  readonly gradient: number;
  /** Null where the optimiser mixes in the gradients of the steps before. */
  readonly after: number | null;
}

/** The last hidden unit that gets the most blame: the one to follow. */
export function mostBlamed({ gradients }: StepNumbers): number {
  const hidden = gradients.at(-2);
  if (hidden === undefined) return 0;
  return hidden.reduce(
    (best, value, at) => (Math.abs(value) > Math.abs(hidden[best]!) ? at : best),
    0,
  );
}

/** Follows the gradient back to a unit of the last hidden layer. */
export function followUnit(step: StepNumbers, unit: number): UnitNumbers {
  const outputs = step.gradients.at(-1)!;
  const weights = step.weights.at(-1)!;
  const blame = outputs.reduce(
    (sum, gradient, k) => sum + gradient * weights[unit * outputs.length + k]!,
    0,
  );
  return {
    unit,
    value: step.outputs.at(-2)![unit]!,
    blame,
    gradient: step.gradients.at(-2)![unit]!,
  };
}

/** The weight into a unit of the last hidden layer that moves most, before and after. */
export function followWeight(step: StepNumbers, unit: number): WeightNumbers {
  const layer = step.weights.length - 2;
  const width = step.outputs[layer]!.length;
  const gradients = step.weightGradients[layer]!;
  const weights = step.weights[layer]!;
  let from = 0;
  for (let i = 0; i < gradients.length / width; i += 1) {
    const isLarger =
      Math.abs(gradients[i * width + unit]!) > Math.abs(gradients[from * width + unit]!);
    if (isLarger) from = i;
  }
  const before = weights[from * width + unit]!;
  const { l2, optimizer } = step.recipe;
  const raw = gradients[from * width + unit]!;
  const { fround } = Math;
  const gradient = l2 === 0 ? raw : fround(raw + fround(fround(l2) * before));
  const after = optimizer === 'sgd' ? fround(before - fround(step.rate * gradient)) : null;
  return { from, before, gradient, after };
}

/** The gradients of a first-layer unit's weights, as an image. */
export function gradientImage(step: StepNumbers, unit: number): Float32Array {
  const width = step.outputs[0]!.length;
  const gradients = step.weightGradients[0]!;
  return Float32Array.from(step.input, (_, at) => gradients[at * width + unit]!);
}
