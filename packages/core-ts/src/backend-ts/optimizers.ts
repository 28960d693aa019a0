/** The update rules with memory, in order of increasing complexity; see ops.ts for the equations. */

const { fround } = Math;

/** What every update works on: `[length]` each. */
export interface Update {
  readonly parameter: Float32Array;
  readonly gradient: Float32Array;
  readonly length: number;
  readonly l2: number;
}

function slopeAt({ parameter, gradient, l2 }: Update, i: number): number {
  return l2 === 0 ? gradient[i]! : fround(gradient[i]! + fround(l2 * parameter[i]!));
}

export function momentumUpdate(
  update: Update,
  velocity: Float32Array,
  rate: number,
  momentum: number,
  nesterov: boolean,
): void {
  const { parameter, length } = update;
  for (let i = 0; i < length; i += 1) {
    const slope = slopeAt(update, i);
    const v = fround(fround(momentum * velocity[i]!) + slope);
    velocity[i] = v;
    const direction = nesterov ? fround(slope + fround(momentum * v)) : v;
    parameter[i] = fround(parameter[i]! - fround(rate * direction));
  }
}

/** Adam's constants; see `Adam` in ops.ts. */
export interface AdamConstants {
  readonly beta1: number;
  readonly beta2: number;
  readonly complement1: number;
  readonly complement2: number;
  readonly epsilon: number;
  readonly decayed: boolean;
}

export function adamUpdate(
  update: Update,
  firstMoment: Float32Array,
  secondMoment: Float32Array,
  constants: AdamConstants,
  rate: number,
  correction: number,
  decay: number,
): void {
  const { parameter, length } = update;
  const { beta1, beta2, complement1, complement2, epsilon, decayed } = constants;
  for (let i = 0; i < length; i += 1) {
    const slope = slopeAt(update, i);
    const weight = decayed ? fround(parameter[i]! * decay) : parameter[i]!;
    const m = fround(fround(beta1 * firstMoment[i]!) + fround(complement1 * slope));
    const square = fround(slope * slope);
    const v = fround(fround(beta2 * secondMoment[i]!) + fround(complement2 * square));
    firstMoment[i] = m;
    secondMoment[i] = v;
    const deviation = fround(fround(fround(Math.sqrt(v)) / correction) + epsilon);
    parameter[i] = fround(weight - fround(rate * fround(m / deviation)));
  }
}
