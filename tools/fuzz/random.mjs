/** Random numbers of one input: the same seed, reader and index give the same input for ever. */
export class Random {
  #state;

  /** @param {...(string | number)} words what the numbers are for */
  constructor(...words) {
    let hash = 2166136261;
    for (const character of words.join('/')) {
      hash = Math.imul(hash ^ character.charCodeAt(0), 16777619);
    }
    this.#state = hash >>> 0;
  }

  /** An unsigned 32-bit integer (Mulberry32, Tommy Ettinger). */
  integer() {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  }

  /** From 0 up to, but not, `end`. */
  below(end) {
    return this.integer() % Math.max(1, end);
  }

  /** Whether something that happens once in `n` times does. */
  once(n) {
    return this.below(n) === 0;
  }

  /** @template T @param {readonly T[]} list @returns {T} */
  pick(list) {
    return list[this.below(list.length)];
  }
}
