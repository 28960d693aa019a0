import { BitgradError, show } from '../errors.js';
import { log } from '../math/log.js';
import { atOnce, ITEMS_A_PIECE, type Pieces } from '../turns.js';
import { countUp, philox4x32 } from './philox.js';

/**
 * What a stream is for. Each purpose has its own sequence of draws, so that no draw depends on how
 * many draws another part made. The numbers are part of the contract.
 */
export type Purpose = 'weights' | 'split' | 'shuffle' | 'validationShuffle' | 'augment' | 'dropout';

/** The number of each purpose. */
export const PURPOSE: Readonly<Record<Purpose, number>> = {
  weights: 1,
  split: 2,
  shuffle: 3,
  validationShuffle: 4,
  augment: 5,
  dropout: 6,
};
const TWO_TO_MINUS_24 = 1 / 0x1000000;
/** Words that are made at a time, ahead of their use. */
const WORDS_AHEAD = 256;

/** @throws BitgradError unless `seed` is an integer from 0 to 2^53 − 1 */
export function checkSeed(seed: unknown): asserts seed is number {
  if (!Number.isSafeInteger(seed) || (seed as number) < 0) {
    throw new BitgradError(
      `seed: expected an integer from 0 to 9007199254740991, received ${show(seed)}`,
    );
  }
}

/**
 * A sequence of random numbers that is a pure function of (seed, purpose, index), drawn from
 * Philox4x32-10: the key is the seed's low and high word, the counter is (block, 0, index,
 * purpose), and words are used in the order of the block.
 */
export class Stream {
  private readonly key: Uint32Array;
  private readonly counter: Uint32Array;
  private readonly words = new Uint32Array(WORDS_AHEAD);
  private used = WORDS_AHEAD;
  private spareNormal: number | undefined;

  /**
   * @param seed an integer from 0 to 2^53 − 1
   * @param index the epoch, or for initial weights the layer
   * @throws BitgradError on any other seed
   */
  constructor(seed: number, purpose: Purpose, index: number) {
    checkSeed(seed);
    this.key = Uint32Array.of(seed >>> 0, Math.floor(seed / 0x100000000));
    this.counter = Uint32Array.of(0, 0, index, PURPOSE[purpose]);
  }

  /** The next unsigned 32-bit integer. */
  nextUint32(): number {
    if (this.used === WORDS_AHEAD) {
      philox4x32(this.counter, this.key, this.words);
      countUp(this.counter, WORDS_AHEAD / 4);
      this.used = 0;
    }
    const word = this.words[this.used]!;
    this.used += 1;
    return word;
  }

  /** A binary32 value in [0, 1): the upper 24 bits of a word, times 2^−24 (exact). */
  uniform(): number {
    return (this.nextUint32() >>> 8) * TWO_TO_MINUS_24;
  }

  /**
   * An integer from 0 to bound − 1, each equally likely: words at or above the largest multiple of
   * `bound` are thrown away, the rest are taken modulo `bound`.
   */
  below(bound: number): number {
    let word = this.nextUint32();
    // Only the last `bound` words can be above the limit, which takes a slow division to know.
    if (word >= 0x100000000 - bound) {
      const limit = 0x100000000 - (0x100000000 % bound);
      while (word >= limit) word = this.nextUint32();
    }
    return (word >>> 0) % (bound >>> 0);
  }

  /**
   * A binary32 value from the standard normal distribution, by Marsaglia's polar method
   * (SIAM Review 6, 1964), each operation rounded to binary32. Values come in pairs.
   */
  normal(): number {
    const spare = this.spareNormal;
    if (spare !== undefined) {
      this.spareNormal = undefined;
      return spare;
    }
    const { fround } = Math;
    for (;;) {
      const u = fround(fround(2 * this.uniform()) - 1);
      const v = fround(fround(2 * this.uniform()) - 1);
      const s = fround(fround(u * u) + fround(v * v));
      if (s >= 1 || s === 0) continue;
      const f = fround(Math.sqrt(fround(fround(-2 * log(s)) / s)));
      this.spareNormal = fround(v * f);
      return fround(u * f);
    }
  }

  /** Puts `items` into a random order in place (Fisher and Yates, from the last item down). */
  shuffle(items: Uint32Array): void {
    atOnce(this.shuffling(items));
  }

  /** The same in pieces. */
  *shuffling(items: Uint32Array): Pieces<void> {
    for (let last = items.length - 1; last > 0; last -= ITEMS_A_PIECE) {
      this.shuffleDown(items, last, Math.max(0, last - ITEMS_A_PIECE));
      if (last > ITEMS_A_PIECE) yield;
    }
  }

  private shuffleDown(items: Uint32Array, from: number, to: number): void {
    for (let last = from; last > to; last -= 1) {
      const other = this.below(last + 1);
      const item = items[last]!;
      items[last] = items[other]!;
      items[other] = item;
    }
  }
}

/** The integers from `start` to `start + count − 1`, in order. */
export function range(start: number, count: number): Uint32Array {
  const items = new Uint32Array(count);
  for (let i = 0; i < count; i += 1) items[i] = start + i;
  return items;
}
