import { distance } from 'fastest-levenshtein';

/**
 * The candidate that somebody who typed `word` probably meant: the nearest one by Levenshtein's
 * distance, if at most a third of the letters differ, or the only one that begins with `word`.
 */
export function suggest(word: string, candidates: readonly string[]): string | undefined {
  const limit = Math.max(1, Math.ceil(word.length / 3));
  const near = candidates
    .map((candidate) => ({ candidate, edits: distance(word, candidate) }))
    .filter(({ edits }) => edits <= limit)
    .sort((a, b) => a.edits - b.edits);
  if (near[0] !== undefined) return near[0].candidate;
  const longer = candidates.filter((candidate) => candidate.startsWith(word));
  return longer.length === 1 ? longer[0] : undefined;
}

/** `learningRate` or `learning_rate` as `learning-rate`. */
export function kebab(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replaceAll('_', '-')
    .toLowerCase();
}
