import { UsageError } from '../usage-error.js';
import type { Goal, Halving } from './plan.js';
import { bestGroups, type Group, groupResults, type Result } from './results.js';
import type { Trial } from './trial.js';

/**
 * The last epochs of the rounds of successive halving (Jamieson and Talwalkar, Non-stochastic Best Arm
 * Identification and Hyperparameter Optimization, AISTATS 2016): each is `factor` times the one before,
 * the last is all epochs. Where the first is not given, there are as many rounds as bring the settings
 * down to one.
 *
 * @param settings how many there are
 */
export function roundsOf({ factor, first }: Halving, settings: number, epochs: number): number[] {
  const rounds = [epochs];
  const isMore = (next: number): boolean =>
    first === null ? factor ** rounds.length <= settings : next >= first;
  for (let next = Math.floor(epochs / factor); next >= 1; next = Math.floor(next / factor)) {
    if (!isMore(next)) break;
    rounds.unshift(next);
  }
  if (first !== null && first < rounds[0]!) rounds.unshift(first);
  return rounds;
}

/** The trials that go on after a round: those of the best settings, over all seeds and folds. */
export function promoted(results: readonly Result[], goal: Goal, factor: number): Trial[] {
  const groups = groupResults(results, goal);
  const chosen = bestGroups(groups, goal, Math.ceil(groups.length / factor));
  return chosen.flatMap(({ results }: Group) => results.map(({ trial }) => trial));
}

/**
 * @param validation how many samples the trainings keep apart
 * @throws UsageError if the trainings cannot be compared after equal epochs
 */
export function checkHalving(
  trials: readonly Trial[],
  { first }: Halving,
  goal: Goal | null,
  validation: number,
  path: string,
): void {
  const epochs = new Set(trials.map(({ recipe }) => recipe.epochs));
  if (epochs.size > 1) {
    throw new UsageError(
      `${path}: halving: expected the same epochs for all trainings, received ${[...epochs].join(', ')}`,
    );
  }
  const [last] = epochs;
  if (first !== null && last !== undefined && first >= last) {
    throw new UsageError(
      `${path}: halving: first: expected an epoch before the last, which is ${last}, received ${first}`,
    );
  }
  if (goal?.startsWith('test')) {
    throw new UsageError(
      `${path}: halving: expected a goal of the validation part, received ${goal}`,
      'the test part is only looked at when a training is over',
    );
  }
  if (validation === 0) {
    throw new UsageError(
      `${path}: halving: expected validation samples, received a recipe without any`,
      'keep some apart, as in  split: 0.7,0.15,0.15',
    );
  }
}
