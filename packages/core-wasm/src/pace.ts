/** A run wakes the workers, which takes some tenths of a millisecond on a busy machine. */
const BLOCK_MILLISECONDS = 4;
const BLOCKS_BETWEEN_TRIALS = 64;
/** A trial's first block wakes the others up, or wakes them in vain: only the second one counts. */
const TRIAL_BLOCKS = 2;

/**
 * Whether a team is faster than one thread, which is found by trying, as in core-native's pace.h: a
 * neighbour may be using the other cores. It makes no difference to the results.
 */
export class Pace {
  /** Milliseconds a step, 0 where not tried yet. */
  #together = 0;
  #alone = 0;
  #steps = 4;
  #blocks = 0;

  /** How many steps are to be run before it is asked again. */
  get steps(): number {
    return this.#steps;
  }

  /** Calls `work`, which runs so many steps, together or not, and keeps how long it took. */
  measure(steps: number, work: (isTogether: boolean) => number): number {
    const turn = this.#blocks % BLOCKS_BETWEEN_TRIALS;
    const isTrial = turn < TRIAL_BLOCKS;
    const isTogetherBest = this.#together <= this.#alone;
    const isTogether = isTrial ? !isTogetherBest : isTogetherBest;
    const begun = performance.now();
    const result = work(isTogether);
    const taken = Math.max((performance.now() - begun) / steps, 1e-6);
    this.#blocks += 1;
    this.#steps = Math.floor(Math.min(Math.max(BLOCK_MILLISECONDS / taken, 1), 65536));
    if (turn === 0 || turn === TRIAL_BLOCKS) return result;
    const kept = isTogether ? this.#together : this.#alone;
    const now = isTrial || kept === 0 ? taken : (kept * 3 + taken) / 4;
    if (isTogether) this.#together = now;
    else this.#alone = now;
    return result;
  }
}
