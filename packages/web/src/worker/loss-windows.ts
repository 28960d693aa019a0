import type { LossPoint } from './protocol.js';

/** How many points a curve has, all epochs together, unless there are more epochs. */
const POINTS = 1200;
const MOST_AN_EPOCH = 60;
/** Means of fewer samples show more of chance than of learning. */
const LEAST_SAMPLES = 500;

/**
 * Means of the loss over fixed numbers of samples, wherever the page happens to look: the same
 * training draws the same curve every time.
 */
export class LossWindows {
  private readonly perEpoch: number;
  private epoch = 0;
  private given = 0;

  constructor(epochs: number) {
    this.perEpoch = Math.min(MOST_AN_EPOCH, Math.max(1, Math.floor(POINTS / epochs)));
  }

  /**
   * The points that are complete and were not given before.
   *
   * @param epoch counted from 1
   * @param losses each sample's, in the order in which the epoch has them
   * @param done how many of them are there
   * @param count how many an epoch has
   */
  take(epoch: number, losses: Float32Array, done: number, count: number): LossPoint[] {
    if (epoch !== this.epoch) [this.epoch, this.given] = [epoch, 0];
    const windows = Math.max(1, Math.min(this.perEpoch, Math.floor(count / LEAST_SAMPLES)));
    const points: LossPoint[] = [];
    for (; this.given < windows; this.given += 1) {
      const begin = Math.floor((this.given * count) / windows);
      const end = Math.floor(((this.given + 1) * count) / windows);
      if (end > done) break;
      const sum = losses.subarray(begin, end).reduce((total, loss) => total + loss, 0);
      points.push({ epochs: epoch - 1 + end / count, loss: sum / (end - begin) });
    }
    return points;
  }
}
