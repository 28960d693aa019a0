import { availableParallelism } from 'node:os';
import type { SweepOptions, SweepPlan } from '../library/sweep.js';
import { type Executor, localExecutor } from './executors.js';
import { findTrials, type Trials } from './find-trials.js';
import { PLAN_OPTIONS, planOf, readPlan } from './plan.js';
import { queueExecutor } from './queue-executor.js';
import { runSweep, type SweepResult } from './run-sweep.js';
import { filesOf } from './trial.js';

/** A sweep, and where its files are. */
export interface Swept {
  readonly result: SweepResult;
  readonly folder: string;
  readonly bestFile: string;
}

/** What the library's `sweep` does where there are files and processes. */
export async function sweepHere(plan: string | SweepPlan, options: SweepOptions): Promise<Swept> {
  const { out: folder = 'sweep', signal = new AbortController().signal, onTrial } = options;
  const name = typeof plan === 'string' ? plan : 'plan';
  const read =
    typeof plan === 'string'
      ? await readPlan(plan, PLAN_OPTIONS)
      : planOf(withBigInts(plan) as Record<string, unknown>, name, PLAN_OPTIONS);
  const found = await findTrials(read, name);
  const result = await runSweep(
    {
      plan: read,
      trials: found.trials,
      dataSha256: found.named.sha256,
      folder,
      task: { index: 1, count: 1 },
      execute: executorOf(options, folder, found, signal),
      signal,
    },
    { onTrial: (trial, outcome) => onTrial?.(trial, outcome) },
  );
  return { result, folder, bestFile: filesOf(folder).best };
}

function executorOf(
  options: SweepOptions,
  folder: string,
  { trials, source, named }: Trials,
  signal: AbortSignal,
): Executor {
  const { queue, queuePassword, onNote = () => undefined } = options;
  if (queue !== undefined) {
    const request = { url: queue, password: queuePassword };
    return queueExecutor(folder, named, request, signal, onNote);
  }
  const { jobs = availableParallelism(), backend = 'auto', threads } = options;
  const shared = Math.floor(availableParallelism() / Math.min(jobs, trials.length));
  const by = { backend, isa: undefined, threads: String(threads ?? Math.max(1, shared)) };
  return localExecutor(folder, source, by, jobs, signal);
}

/** Whole numbers as files of plans bring them. */
function withBigInts(value: unknown): unknown {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map(withBigInts);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withBigInts(one)]));
}
