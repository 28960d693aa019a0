/** A digit with its article: it is “an 8”. */
export function aDigit(digit: number): string {
  return `${digit === 8 ? 'an' : 'a'} ${digit}`;
}

/** The same at the beginning of a sentence. */
export function capitalDigit(digit: number): string {
  return `${digit === 8 ? 'An' : 'A'} ${digit}`;
}

/** Less than this is no answer. */
const LEAST = 0.5;
const SURE = 0.9;

/** The digit that has at least half of the probability, or null. */
export function bestOf(probabilities: ArrayLike<number>): number | null {
  const best = Array.from(probabilities).findIndex((probability) => probability >= LEAST);
  return best < 0 ? null : best;
}

/** What ten probabilities say, in words, with how sure they are. */
export function sayReading(probabilities: ArrayLike<number>): string {
  const [best, second] = Array.from(probabilities)
    .map((probability, digit) => ({ probability, digit }))
    .sort((a, b) => b.probability - a.probability);
  const { probability, digit } = best!;
  if (!(probability >= LEAST))
    return `I can’t tell: ${aDigit(digit)}, or ${aDigit(second!.digit)}?`;
  return `${probability > SURE ? 'This is' : 'Probably'} ${aDigit(digit)}`;
}
