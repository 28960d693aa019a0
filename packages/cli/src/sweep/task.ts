import { show } from '@bitgrad/core';
import { UsageError } from '../usage-error.js';

/** One of so many slices of a plan, counted from 1. */
export interface Task {
  readonly index: number;
  readonly count: number;
}

/** Where schedulers of array jobs say which of how many a process is, and what the first is called. */
const ARRAYS = [
  { index: 'SLURM_ARRAY_TASK_ID', count: 'SLURM_ARRAY_TASK_COUNT', first: 'SLURM_ARRAY_TASK_MIN' },
  { index: 'JOB_COMPLETION_INDEX', count: 'JOB_COMPLETIONS', first: null },
  { index: 'AWS_BATCH_JOB_ARRAY_INDEX', count: 'AWS_BATCH_JOB_ARRAY_SIZE', first: null },
];

/**
 * Reads `--task`: `I/N`, or `auto` for what a scheduler's variables say.
 *
 * @throws UsageError if it is neither, or `auto` finds no such variables
 */
export function taskOf(
  text: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): Task {
  if (text === undefined) return { index: 1, count: 1 };
  const [, index, count] = (/^(\d{1,6})\/(\d{1,6})$/.exec(textFor(text, environment)) ?? []).map(
    Number,
  );
  if (index !== undefined && count !== undefined && index >= 1 && index <= count) {
    return { index, count };
  }
  throw new UsageError(
    `--task: expected I/N with I from 1 to N, as in 3/10, or auto in an array job, received ${show(text)}`,
    text === 'auto'
      ? `of these variables: ${ARRAYS.map(({ index, count }) => `${index} and ${count}`).join('; ')}`
      : undefined,
  );
}

function textFor(text: string, environment: Readonly<Record<string, string | undefined>>): string {
  if (text !== 'auto') return text;
  const array = ARRAYS.find(({ index }) => environment[index] !== undefined);
  if (array === undefined) return text;
  const first = array.first === null ? 0 : Number(environment[array.first] ?? 0);
  return `${Number(environment[array.index]) - first + 1}/${environment[array.count]}`;
}
