/** The loss for some values of a weight, the least first. */
export interface LossCurve {
  readonly values: Float32Array;
  readonly losses: Float32Array;
}

/** The loss at a value between those that were looked at, along straight lines. */
export function valueAt({ values, losses }: LossCurve, value: number): number {
  const last = values.length - 1;
  const place = ((value - values[0]!) / (values[last]! - values[0]!)) * last;
  const before = Math.min(last - 1, Math.max(0, Math.floor(place)));
  const share = Math.min(1, Math.max(0, place - before));
  return (1 - share) * losses[before]! + share * losses[before + 1]!;
}

/** Where, among gradients `[in, out]`, the steepest into one output stands. */
export function steepest(gradients: Float32Array, width: number, output: number): number {
  let best = output;
  for (let at = output; at < gradients.length; at += width)
    if (Math.abs(gradients[at]!) > Math.abs(gradients[best]!)) best = at;
  return best;
}
