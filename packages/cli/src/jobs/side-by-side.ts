import { availableParallelism } from 'node:os';
import { show } from '@bitgrad/core';
import { parseInteger } from '../arguments.js';
import { UsageError } from '../usage-error.js';

/**
 * Reads `--jobs`: how many processes work side by side, by default one a core.
 *
 * @throws UsageError if it is no count
 */
export function jobsOf(text: string | undefined): number {
  if (text === undefined) return availableParallelism();
  const jobs = parseInteger(text);
  if (jobs !== undefined && jobs >= 1) return jobs;
  throw new UsageError(`--jobs: expected an integer of at least 1, received ${show(text)}`);
}

/**
 * Does all tasks in their order, at most `jobs` at a time. After one that fails no other is begun; the
 * first that did is thrown once all are at an end.
 */
export async function sideBySide<Task>(
  tasks: readonly Task[],
  jobs: number,
  work: (task: Task) => Promise<void>,
): Promise<void> {
  const errors: unknown[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < tasks.length && errors.length === 0) {
      const task = tasks[next]!;
      next += 1;
      await work(task).catch((error: unknown) => errors.push(error));
    }
  };
  await Promise.all(Array.from({ length: Math.min(jobs, tasks.length) }, worker));
  if (errors.length > 0) throw errors[0];
}
