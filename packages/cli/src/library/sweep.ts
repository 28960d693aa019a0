import { BitgradError } from '@bitgrad/core';
import { platform } from '#platform';
import type { Goal } from '../sweep/plan.js';
import type { Group, Result } from '../sweep/results.js';
import type { Outcome, Trial } from '../sweep/trial.js';
import { load } from './load.js';
import type { ClassPrediction, Model } from './model.js';

/** A number between two others: whole where both are; `log`: as likely in each order of magnitude. */
export interface DrawnRange {
  readonly from: number;
  readonly to: number;
  readonly scale?: 'linear' | 'log';
}

/** What is to be trained: settings of all trainings, by the names of `train`'s options or a recipe's fields, and what is varied. */
export interface SweepPlan {
  /** A path, or `mnist`. */
  readonly data: string;
  /** Every combination of these values. */
  readonly grid?: Readonly<Record<string, readonly unknown[]>>;
  /** So many draws, each beside the whole grid: by setting a list, or a range. */
  readonly random?: { readonly trials: number; readonly seed?: number } & Readonly<
    Record<string, unknown>
  >;
  /** How many seeds, from 1 on, or which. */
  readonly seeds?: number | readonly number[];
  /** How many folds; every training with each part as the tested one. */
  readonly folds?: number;
  /** What the best has least of; of accuracies most of. */
  readonly goal?: Goal;
  /** Successive halving; see docs/cli.md. */
  readonly halving?: boolean | { readonly factor?: number; readonly first?: number };
  readonly [setting: string]: unknown;
}

/** How to sweep. */
export interface SweepOptions {
  /** The folder of results, `sweep` if left out. What is there already is not trained again. */
  readonly out?: string;
  /** How many processes train side by side; one a core if left out. */
  readonly jobs?: number;
  /** The server of a queue, whose workers train instead: `redis://HOST`. Needs `@bitgrad/queue`. */
  readonly queue?: string;
  /** Where the queue's URL holds none. */
  readonly queuePassword?: string;
  /** By name; `auto`, the fastest that runs here, if left out. All give the same bits. */
  readonly backend?: 'auto' | 'native' | 'wasm' | 'ts';
  /** Threads of each process; if left out, the cores are shared. */
  readonly threads?: number;
  /** Told of each trial as it is done. */
  readonly onTrial?: (trial: Trial, outcome: Outcome) => void;
  /** Told of what people may want to know of a queue. */
  readonly onNote?: (text: string) => void;
  /** Ends it with an AbortedError; the same call goes on from there. */
  readonly signal?: AbortSignal;
}

/** What came of a sweep. */
export interface SweepSummary<Output = ClassPrediction> {
  readonly goal: Goal;
  /** By settings, over seeds and folds, the best first. */
  readonly groups: readonly Group[];
  /** One a trial, in the plan's order. */
  readonly results: readonly Result[];
  /** Of the best settings the best trial's model, or null where none has a value; close it when done. */
  readonly best: Model<Output> | null;
  /** Where models, receipts and the report lie: see docs/cli.md. */
  readonly folder: string;
}

/**
 * Trains by a plan of many settings, seeds and folds, in processes of this machine or on a queue. The
 * receipts are the same to the byte however many there are.
 *
 * @param plan the file of one, or what would stand in it
 * @throws BitgradError where the plan is not valid, a trial cannot be trained, or two machines found
 *   different things of one; AbortedError by the signal
 */
export async function sweep<Output = ClassPrediction>(
  plan: string | SweepPlan,
  options: SweepOptions = {},
): Promise<SweepSummary<Output>> {
  const { result, folder, bestFile } = await platform.sweep(plan, options);
  const { goal, groups, results, best } = result;
  if (goal === null) throw new BitgradError('sweep: expected all trials, received some');
  const { backend } = options;
  const model =
    best === null ? null : await load<Output>(bestFile, backend === undefined ? {} : { backend });
  return { goal, groups, results, best: model, folder };
}
