/** What a training came to, where it came to nothing, in words; null where it learned. */
export function sayFailure(
  losses: readonly number[],
  accuracy: number | null,
  learningRate: number,
): string | null {
  const first = losses[0];
  const last = losses.at(-1);
  if (first === undefined || last === undefined || accuracy === null) return null;
  const highest = losses.reduce((a, b) => Math.max(a, b));
  if (last < NOTHING_LEARNED || accuracy > BARELY) return null;
  return highest > WORSE * first || highest > DIVERGED
    ? `It diverged: rate ${learningRate} is too high for it`
    : 'It learned nothing';
}

/** The loss of who gives each of ten digits the same probability is 2.303. */
const NOTHING_LEARNED = 2.2;
const DIVERGED = 3;
/** Means of the loss differ by less than this where nothing but chance moves them. */
const WORSE = 1.2;
/** Accuracies that are not far from chance. */
const BARELY = 0.25;
