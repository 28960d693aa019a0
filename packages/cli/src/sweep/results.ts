import type { Receipt } from '@bitgrad/core';
import { formatTable } from '../format.js';
import type { Goal, Texts } from './plan.js';
import type { Outcome, Trial } from './trial.js';

/** A trial that is done. */
export interface Result {
  readonly trial: Trial;
  readonly outcome: Outcome;
}

/** What trials of the same settings have in common: their mean, over seeds and folds. */
export interface Group {
  readonly settings: Texts;
  readonly results: readonly Result[];
  /** Of the goal; null where a trial has no receipt or the goal no value. */
  readonly mean: number | null;
  /** With n − 1 below the root; null for one trial. */
  readonly deviation: number | null;
  /** The last epoch of trials that were stopped; null where all went to their end. */
  readonly stopped: number | null;
}

/** The JSON lines of a sweep: one a trial, in the order of their names, the same on every machine. */
export function jsonLines(results: readonly Result[]): string {
  const ordered = [...results].sort((a, b) => (a.trial.name < b.trial.name ? -1 : 1));
  return ordered
    .map(({ trial, outcome }) =>
      JSON.stringify({ trial: trial.name, settings: trial.settings, ...outcome }),
    )
    .map((line) => `${line}\n`)
    .join('');
}

/** The goal of a sweep whose plan names none: the validation samples', or else the test part's. */
export function usualGoal(receipt: Receipt): Goal {
  return receipt.validationLoss === null ? 'testLoss' : 'validationLoss';
}

/** The trials by their settings, the best first; those without a value last. */
export function groupResults(results: readonly Result[], goal: Goal): Group[] {
  const groups = new Map<string, Result[]>();
  for (const result of results) {
    const key = JSON.stringify(result.trial.settings);
    groups.set(key, [...(groups.get(key) ?? []), result]);
  }
  const all = [...groups.values()].map((members): Group => {
    const values = members.map((member) => scoreOf(member, goal));
    const whole = values.every((value) => value !== null) ? values : null;
    const mean = whole && whole.reduce((sum, value) => sum + value, 0) / whole.length;
    const deviation =
      whole === null || whole.length === 1
        ? null
        : Math.sqrt(
            whole.reduce((sum, value) => sum + (value - mean!) ** 2, 0) / (whole.length - 1),
          );
    const { settings } = members[0]!.trial;
    return { settings, results: members, mean, deviation, stopped: stoppedAt(members) };
  });
  // Of those that were stopped, who went further was better.
  const reached = ({ stopped, mean }: Group): number =>
    mean === null ? 0 : (stopped ?? Number.POSITIVE_INFINITY);
  return all.sort((a, b) =>
    reached(a) === reached(b) ? order(a.mean, b.mean, goal) : reached(b) > reached(a) ? 1 : -1,
  );
}

/** The best of the groups, by the goal alone, wherever they are. */
export function bestGroups(groups: readonly Group[], goal: Goal, count: number): Group[] {
  return groups
    .filter(({ mean }) => mean !== null)
    .sort((a, b) => order(a.mean, b.mean, goal))
    .slice(0, count);
}

function stoppedAt(results: readonly Result[]): number | null {
  const epochs = results.flatMap(({ outcome }) =>
    'stopped' in outcome ? [outcome.stopped.epochs] : [],
  );
  return epochs.length === 0 ? null : Math.max(...epochs);
}

/** The best trial of the best group. */
export function bestOf(groups: readonly Group[], goal: Goal): Result | null {
  const best = groups.find(({ stopped, mean }) => stopped === null && mean !== null);
  if (best === undefined) return null;
  return [...best.results].sort((a, b) => order(scoreOf(a, goal), scoreOf(b, goal), goal))[0]!;
}

/** What a trial has of the goal; null where it has none. */
export function scoreOf({ outcome }: Result, goal: Goal): number | null {
  if ('receipt' in outcome) return outcome.receipt[goal];
  if (!('stopped' in outcome) || goal === 'testLoss' || goal === 'testAccuracy') return null;
  return outcome.stopped[goal];
}

function order(a: number | null, b: number | null, goal: Goal): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return goal.endsWith('Accuracy') ? b - a : a - b;
}

/** The groups as a table, the best first. */
export function tableOf(groups: readonly Group[], varied: readonly string[], goal: Goal): string[] {
  const hasStopped = groups.some(({ stopped }) => stopped !== null);
  const rows = groups.map(({ settings, results, mean, deviation, stopped }) => [
    ...varied.map((option) => settings[option] ?? ''),
    String(results.length),
    ...(hasStopped ? [stopped === null ? 'all' : String(stopped)] : []),
    mean === null ? 'none' : number(mean),
    deviation === null ? '' : `± ${number(deviation)}`,
  ]);
  return formatTable([[...varied, 'trials', ...(hasStopped ? ['epochs'] : []), goal, ''], ...rows]);
}

const number = (value: number): string => value.toPrecision(4);
