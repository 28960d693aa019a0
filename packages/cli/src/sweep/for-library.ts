import { availableParallelism } from 'node:os';
import { threadsEach } from '../jobs/backend-texts.js';
import { Crew } from '../jobs/crew.js';
import type { SweepOptions, SweepPlan } from '../library/sweep.js';
import { prepareQueue } from '../queue/load-queue.js';
import { localExecutor } from './executors.js';
import { findTrials } from './find-trials.js';
import { keepRead } from './keep-read.js';
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
  await keepRead(folder, read, name);
  const { queue, queuePassword, onNote = () => undefined } = options;
  const { jobs = availableParallelism(), backend = 'auto', threads } = options;
  const crew = new Crew(signal);
  try {
    const processes = Math.min(jobs, read.variants.length);
    if (queue === undefined) crew.prepare(processes);
    else prepareQueue();
    const { trials, source, named } = await findTrials(read, name);
    const by = { backend, isa: undefined, threads: String(threads ?? threadsEach(processes)) };
    const execute =
      queue === undefined
        ? localExecutor(crew, jobs, folder, source, by)
        : queueExecutor(folder, named, { url: queue, password: queuePassword }, signal, onNote);
    const task = { index: 1, count: 1 };
    const sweep = { plan: read, trials, dataSha256: named.sha256, folder, task, execute, signal };
    const result = await runSweep(sweep, {
      onTrial: (trial, outcome) => onTrial?.(trial, outcome),
    });
    return { result, folder, bestFile: filesOf(folder).best };
  } finally {
    crew.close();
  }
}

/** Whole numbers as files of plans bring them. */
function withBigInts(value: unknown): unknown {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map(withBigInts);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withBigInts(one)]));
}
