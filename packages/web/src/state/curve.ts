import type { EpochDone, LossPoint, Moment } from '../worker/protocol.js';

/** More points than a chart can show are thinned out, so that a long training stays light. */
const MOST_POINTS = 1200;

export interface Curve {
  readonly epochs: number[];
  readonly losses: number[];
}

/** The curve with more points; whenever it grows too long, neighbours are merged in pairs. */
export function addLosses(curve: Curve, points: readonly LossPoint[]): Curve {
  let longer = { epochs: [...curve.epochs], losses: [...curve.losses] };
  for (const { epochs, loss } of points) {
    longer.epochs.push(epochs);
    longer.losses.push(loss);
    if (longer.epochs.length > MOST_POINTS) longer = merged(longer);
  }
  return longer;
}

function merged({ epochs, losses }: Curve) {
  const half = Math.floor(epochs.length / 2);
  const pairs = Array.from({ length: half }, (_, pair) => 2 * pair);
  return {
    epochs: pairs.map((at) => epochs[at + 1]!),
    losses: pairs.map((at) => (losses[at]! + losses[at + 1]!) / 2),
  };
}

/** Accuracies from before the first step on: of the moments that were kept, and of every epoch. */
export function accuracyCurve(
  moments: readonly Moment[],
  epochs: readonly EpochDone[],
): { xs: number[]; ys: number[] } {
  const begun = moments.filter((moment) => moment.epochs < 1);
  return {
    xs: [...begun.map((moment) => moment.epochs), ...epochs.map(({ epoch }) => epoch)],
    ys: [...begun, ...epochs].map(({ accuracy }) => accuracy ?? 0),
  };
}
