/** More points than a chart can show are thinned out, so that a long training stays light. */
const MOST_POINTS = 1200;

export interface Curve {
  readonly epochs: number[];
  readonly losses: number[];
}

/** The curve with one more point; when it grows too long, neighbours are merged in pairs. */
export function addLoss({ epochs, losses }: Curve, epoch: number, loss: number): Curve {
  const longer = { epochs: [...epochs, epoch], losses: [...losses, loss] };
  if (longer.epochs.length <= MOST_POINTS) return longer;
  const half = Math.floor(longer.epochs.length / 2);
  const pairs = Array.from({ length: half }, (_, pair) => 2 * pair);
  return {
    epochs: pairs.map((at) => longer.epochs[at + 1]!),
    losses: pairs.map((at) => (longer.losses[at]! + longer.losses[at + 1]!) / 2),
  };
}
