import type { Moment } from './protocol.js';

/** How much all snapshots may take, in bytes. */
const ROOM = 48_000_000;
const LEAST_SNAPSHOTS = 12;
const MOST_SNAPSHOTS = 80;

interface Snapshot extends Moment {
  readonly parameters: Float32Array;
}

/**
 * A training's weights at some moments: after 1, 2, 4, 8, … steps of the first epoch, where most is
 * learned, and after every epoch. When they grow too many, every other epoch's are let go.
 */
export class History {
  private readonly snapshots: Snapshot[] = [];
  private every = 1;

  /** What is kept, the first first. */
  get moments(): readonly Moment[] {
    return this.snapshots.map(({ step, epochs, accuracy }) => ({ step, epochs, accuracy }));
  }

  add(snapshot: Snapshot): void {
    if (snapshot.epochs > 1 && snapshot.epochs % this.every !== 0) return;
    this.snapshots.push(snapshot);
    const fits = Math.floor(ROOM / snapshot.parameters.byteLength);
    const most = Math.min(MOST_SNAPSHOTS, Math.max(LEAST_SNAPSHOTS, fits));
    if (this.snapshots.length > most) this.thinOut();
  }

  /** The weights of all moments, one after the other. */
  get weights(): Float32Array {
    const size = this.snapshots[0]?.parameters.length ?? 0;
    const weights = new Float32Array(size * this.snapshots.length);
    for (const [at, { parameters }] of this.snapshots.entries()) weights.set(parameters, at * size);
    return weights;
  }

  /** The moments that `moments` and `weights` told; none where the two do not fit each other. */
  static of(moments: readonly Moment[], weights: Float32Array, size: number): History {
    const history = new History();
    if (weights.length !== size * moments.length) return history;
    for (const [at, moment] of moments.entries()) {
      const parameters = weights.slice(at * size, (at + 1) * size);
      history.snapshots.push({ ...moment, parameters });
    }
    return history;
  }

  /** The weights at a moment that is kept, by its step. */
  at(step: number): Float32Array | undefined {
    return this.snapshots.find((snapshot) => snapshot.step === step)?.parameters;
  }

  private thinOut(): void {
    this.every *= 2;
    const kept = this.snapshots.filter(
      ({ epochs }, at) =>
        epochs <= 1 || epochs % this.every === 0 || at === this.snapshots.length - 1,
    );
    // A network so large that its first epoch alone is too much keeps every other moment of it.
    const isLess = kept.length < this.snapshots.length;
    const left = isLess ? kept : this.snapshots.filter((_, at) => at % 2 === 0);
    this.snapshots.splice(0, this.snapshots.length, ...left);
  }
}

/** The number of steps after which the next moment of the first epoch is, or Infinity. */
export function nextMoment(step: number, stepsPerEpoch: number): number {
  const next = step < 1 ? 1 : 2 ** (Math.floor(Math.log2(step)) + 1);
  return next < stepsPerEpoch ? next : Number.POSITIVE_INFINITY;
}
