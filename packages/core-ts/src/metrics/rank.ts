/** How well scores put the samples of a class before the others. */
export interface Ranking {
  /** The share of pairs (one of the class, one not) in the right order; equal scores count half. */
  readonly rocAuc: number;
  /** Σ (recall − recall before) · precision, from the highest score down. */
  readonly averagePrecision: number;
}

/**
 * @param truth `[samples]`, some of them `label`, some not
 * @param scores `[samples, classes]`, of which the column `label` is looked at
 */
export function rank(
  truth: Uint32Array,
  scores: Float32Array,
  classes: number,
  label: number,
): Ranking {
  const keys = new Float64Array(truth.length);
  let positives = 0;
  for (const [sample, one] of truth.entries()) {
    const isOwn = Number(one === label);
    keys[sample] = keyOf(scores[sample * classes + label]!, isOwn);
    positives += isOwn;
  }
  // By number, which engines do many times faster than by a function that compares.
  keys.sort();
  const negatives = truth.length - positives;
  let [found, wrong, pairs, precisionSum] = [0, 0, 0, 0];
  for (let end = keys.length; end > 0; ) {
    // Samples of one score stand beside each other.
    const place = Math.floor(keys[end - 1]! / 2);
    let start = end;
    let hits = 0;
    while (start > 0 && Math.floor(keys[start - 1]! / 2) === place) {
      start -= 1;
      hits += keys[start]! % 2;
    }
    const misses = end - start - hits;
    pairs += misses * (found + hits / 2);
    found += hits;
    wrong += misses;
    precisionSum += hits * (found / (found + wrong));
    end = start;
  }
  return { rocAuc: pairs / (positives * negatives), averagePrecision: precisionSum / positives };
}

const float = new Float32Array(1);
const word = new Uint32Array(float.buffer);

/**
 * A number that is greater where a score is, and within a score by the flag: the score's place among all
 * binary32 numbers (IEEE 754's order of the bits, turned round below 0), doubled, and the flag.
 */
function keyOf(score: number, flag: number): number {
  // −0 is 0.
  float[0] = score + 0;
  const bits = word[0]!;
  return 2 * (bits < 0x80000000 ? bits + 0x80000000 : 0xffffffff - bits) + flag;
}
