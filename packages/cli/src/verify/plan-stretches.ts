import { UsageError } from '../usage-error.js';

/** Epochs that one process trains again, counted from 1. */
export interface Part {
  readonly first: number;
  readonly last: number;
  /** The checkpoint to begin after, or null for the training's own start. */
  readonly from: string | null;
}

/**
 * Cuts epochs into so many parts of about equal length, each of which begins where there is a
 * checkpoint.
 *
 * @param checkpoints files by the epochs that were done when they were saved
 * @param folder for messages
 * @throws UsageError if the first epoch is not the training's first and no checkpoint stands before it
 */
export function planParts(
  first: number,
  last: number,
  checkpoints: ReadonlyMap<number, string>,
  jobs: number,
  folder: string,
): Part[] {
  if (first > 1 && !checkpoints.has(first - 1)) {
    throw new UsageError(
      `--from: expected a checkpoint after epoch ${first - 1}, where epoch ${first} begins, in ${folder}, received none`,
    );
  }
  const count = last - first + 1;
  const starts = new Set([first]);
  for (let part = 1; part < jobs; part += 1) {
    const ideal = first + Math.round((part * count) / jobs);
    const start = nearest([...checkpoints.keys()], ideal - 1) + 1;
    if (start > first && start <= last) starts.add(start);
  }
  const ordered = [...starts].sort((a, b) => a - b);
  return ordered.map((start, at) => ({
    first: start,
    last: (ordered[at + 1] ?? last + 1) - 1,
    from: start === 1 ? null : checkpoints.get(start - 1)!,
  }));
}

function nearest(values: readonly number[], wanted: number): number {
  return values.reduce(
    (best, value) => (Math.abs(value - wanted) < Math.abs(best - wanted) ? value : best),
    Number.NEGATIVE_INFINITY,
  );
}
