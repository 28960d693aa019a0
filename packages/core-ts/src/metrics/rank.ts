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
  const scoreOf = (sample: number): number => scores[sample * classes + label]!;
  const order = Uint32Array.from(truth.keys()).sort((a, b) => scoreOf(b) - scoreOf(a) || a - b);
  const positives = truth.reduce((count, one) => count + Number(one === label), 0);
  const negatives = truth.length - positives;
  let [found, wrong, pairs, precisionSum] = [0, 0, 0, 0];
  for (let start = 0; start < order.length; ) {
    // Samples of one score stand beside each other, in no order.
    let end = start;
    let hits = 0;
    while (end < order.length && scoreOf(order[end]!) === scoreOf(order[start]!)) {
      hits += Number(truth[order[end]!] === label);
      end += 1;
    }
    const misses = end - start - hits;
    pairs += misses * (found + hits / 2);
    found += hits;
    wrong += misses;
    precisionSum += hits * (found / (found + wrong));
    start = end;
  }
  return { rocAuc: pairs / (positives * negatives), averagePrecision: precisionSum / positives };
}
