import { BitgradError, type Receipt } from '@bitgrad/core';
import { clearFolder, prepareFolder, readFileBytes, replaceFile } from '../files.js';
import { plural } from '../format.js';
import { InterruptedTrainingError } from '../train/interrupted.js';
import type { Executor } from './executors.js';
import { promoted, roundsOf } from './halving.js';
import type { Goal, Plan } from './plan.js';
import {
  bestOf,
  type Group,
  groupResults,
  jsonLines,
  type Result,
  scoreOf,
  usualGoal,
} from './results.js';
import type { Task } from './task.js';
import {
  filesOf,
  keepOutcome,
  type Outcome,
  readOutcome,
  type Trial,
  trialName,
  type Work,
} from './trial.js';

/** What is to be swept, where, and by whom. */
export interface Sweep {
  readonly plan: Plan;
  readonly trials: readonly Trial[];
  readonly dataSha256: string;
  readonly folder: string;
  /** The part of the trials that is trained; all others are only looked for. */
  readonly task: Task;
  readonly execute: Executor;
  readonly signal: AbortSignal;
}

/** Told of a sweep as it goes on. */
export interface SweepListener {
  /**
   * Before trials are trained, and before each round of halving.
   *
   * @param until the last epoch of this round; null where there are no rounds
   */
  onStart?(trials: number, done: number, until: number | null): void;
  onTrial?(trial: Trial, outcome: Outcome, seconds: number, done: number, of: number): void;
}

/** What came of a sweep. */
export interface SweepResult {
  /** One a trial, in the plan's order. */
  readonly results: readonly Result[];
  /** How many trials of other slices have no result yet; where there are some, all else is empty. */
  readonly missing: number;
  /** Null where trials are missing. */
  readonly goal: Goal | null;
  /** By settings, the best first. */
  readonly groups: readonly Group[];
  readonly best: Result | null;
}

/**
 * Trains what has not been trained yet, and writes what came of it: see docs/cli.md for the folder's files.
 *
 * @throws BitgradError where a trial cannot be trained, or two processes found different things of one;
 *   InterruptedTrainingError by the signal
 */
export async function runSweep(sweep: Sweep, listener: SweepListener = {}): Promise<SweepResult> {
  const { plan, trials, folder } = sweep;
  const files = filesOf(folder);
  await prepareFolder(files.trials, 'out');
  for (const place of [folder, files.trials]) await clearFolder(place);
  const outcomes = plan.halving
    ? await trainInRounds(sweep, plan.halving.factor, listener)
    : await trainWhole(sweep, listener);
  const results = trials.flatMap((trial) => {
    const outcome = outcomes.get(trial);
    return outcome === undefined ? [] : [{ trial, outcome }];
  });
  const missing = trials.length - results.length;
  if (missing > 0) return { results, missing, goal: null, groups: [], best: null };
  return { results, missing, ...(await finish(results, plan, folder)) };
}

async function trainWhole(
  sweep: Sweep,
  listener: SweepListener,
): Promise<ReadonlyMap<Trial, Outcome>> {
  const { trials, task } = sweep;
  const works = trials.map(
    (trial): Work => ({ trial, name: trial.name, until: trial.recipe.epochs, after: null }),
  );
  const mine = works.filter((_, at) => at % task.count === task.index - 1);
  return trainWorks(sweep, works, mine, null, listener);
}

async function trainInRounds(
  sweep: Sweep,
  factor: number,
  listener: SweepListener,
): Promise<ReadonlyMap<Trial, Outcome>> {
  const { trials, plan, dataSha256 } = sweep;
  const settings = new Set(trials.map((trial) => JSON.stringify(trial.settings))).size;
  const rounds = roundsOf(plan.halving!, settings, trials[0]!.recipe.epochs);
  const goal = plan.goal ?? 'validationLoss';
  const outcomes = new Map<Trial, Outcome>();
  let left = trials;
  const names = new Map<Trial, string>();
  for (const [round, until] of rounds.entries()) {
    const works = await Promise.all(
      left.map(async (trial): Promise<Work> => {
        const name = await trialName(trial.recipe, dataSha256, until);
        const work = { trial, name, until, after: names.get(trial) ?? null };
        names.set(trial, name);
        return work;
      }),
    );
    // Whoever ended before, because of patience or without an end, is done.
    const open = works.filter(({ trial }) => isOpen(outcomes.get(trial)));
    const found = await trainWorks(sweep, open, open, until, listener);
    for (const [trial, outcome] of found) outcomes.set(trial, outcome);
    if (round === rounds.length - 1) break;
    const results = left.map((trial) => ({ trial, outcome: outcomes.get(trial)! }));
    left = promoted(results, goal, factor);
  }
  return outcomes;
}

const isOpen = (outcome: Outcome | undefined): boolean =>
  outcome === undefined || 'stopped' in outcome;

/** @returns what is known of the works, whoever did them */
async function trainWorks(
  { folder, execute, signal }: Sweep,
  works: readonly Work[],
  mine: readonly Work[],
  until: number | null,
  listener: SweepListener,
): Promise<ReadonlyMap<Trial, Outcome>> {
  const known = new Map<Trial, Outcome>();
  const look = async (): Promise<void> => {
    for (const { trial, name } of works) {
      const outcome = known.has(trial) ? null : await readOutcome(folder, name);
      if (outcome) known.set(trial, outcome);
    }
  };
  await look();
  const left = mine.filter(({ trial }) => !known.has(trial));
  let done = mine.length - left.length;
  listener.onStart?.(mine.length, done, until);
  try {
    await execute(left, async (work, trained, seconds) => {
      await keepOutcome(folder, work.name, trained);
      known.set(work.trial, trained.outcome);
      done += 1;
      listener.onTrial?.(work.trial, trained.outcome, seconds, done, mine.length);
    });
  } catch (error) {
    if (!signal.aborted) throw error;
    const round = until === null ? '' : ` to epoch ${until}`;
    throw new InterruptedTrainingError(
      `${done} of ${plural(mine.length, 'trial')} done${round}`,
      'the same command goes on from there',
    );
  }
  // Others may have ended meanwhile: of slices that run at the same time, the last one finds all.
  await look();
  return known;
}

async function finish(
  results: readonly Result[],
  plan: Plan,
  folder: string,
): Promise<Pick<SweepResult, 'goal' | 'groups' | 'best'>> {
  const files = filesOf(folder);
  await replaceFile(files.receipts, new TextEncoder().encode(jsonLines(results)));
  const receipt = results.map(({ outcome }) => receiptOf(outcome)).find((one) => one !== null);
  if (!receipt) {
    throw new BitgradError(
      'sweep: expected a training that comes to an end, received none',
      'lower learning rates usually help',
    );
  }
  const goal = plan.goal ?? usualGoal(receipt);
  const groups = groupResults(results, goal);
  const best = bestOf(groups, goal);
  if (best) await replaceFile(files.best, await readFileBytes(files.model(best.trial.name)));
  const { htmlSweep } = await import('@bitgrad/formats/report');
  const page = htmlSweep({
    goal,
    varied: plan.varied,
    groups: groups.map((group) => ({
      ...group,
      values: group.results.map((one) => scoreOf(one, goal)),
    })),
    best: best && receiptOf(best.outcome),
  });
  await replaceFile(files.report, new TextEncoder().encode(page));
  return { goal, groups, best };
}

function receiptOf(outcome: Outcome): Receipt | null {
  return 'receipt' in outcome ? outcome.receipt : null;
}
