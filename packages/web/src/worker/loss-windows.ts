import type { LossPoint } from './protocol.js';

/** How many points a curve has, all epochs together, unless there are more epochs. */
const POINTS = 1200;
const MOST_AN_EPOCH = 60;
/** Means of fewer samples show more of chance than of learning. */
const LEAST_SAMPLES = 500;
/** The first samples of all, after which most is learned: who goes slowly shall see a curve. */
const FIRST_SAMPLES = 64;

/**
 * Means of the loss over fixed numbers of samples, wherever the page happens to look: the same
 * training draws the same curve every time. The numbers are equal, but for the first window of all,
 * of which parts are told that double in size.
 */
export class LossWindows {
  private readonly perEpoch: number;
  private epoch = 0;
  private given = 0;
  /** Where each window of the epoch ends. */
  private ends: readonly number[] = [];

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
    if (epoch !== this.epoch) {
      [this.epoch, this.given] = [epoch, 0];
      this.ends = this.endsOf(epoch, count);
    }
    const points: LossPoint[] = [];
    for (; this.given < this.ends.length; this.given += 1) {
      const begin = this.ends[this.given - 1] ?? 0;
      const end = this.ends[this.given]!;
      if (end > done) break;
      const sum = losses.subarray(begin, end).reduce((total, loss) => total + loss, 0);
      points.push({ epochs: epoch - 1 + end / count, loss: sum / (end - begin) });
    }
    return points;
  }

  private endsOf(epoch: number, count: number): number[] {
    const windows = Math.max(1, Math.min(this.perEpoch, Math.floor(count / LEAST_SAMPLES)));
    const ends = Array.from({ length: windows }, (_, at) =>
      Math.floor(((at + 1) * count) / windows),
    );
    if (epoch > 1) return ends;
    const early = [];
    for (let end = FIRST_SAMPLES; 2 * end <= ends[0]!; end *= 2) early.push(end);
    return [...early, ...ends];
  }
}
