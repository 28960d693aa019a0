import { show } from '@bitgrad/core';
import { UsageError } from '../usage-error.js';

/** One of so many slices of a plan, counted from 1. */
export interface Task {
  readonly index: number;
  readonly count: number;
}

/** Where a scheduler of array jobs says which of how many a process is. */
interface ArrayVariables {
  readonly index: string;
  readonly count: string;
  /** What the first is called, and by how much the next one is more; where left out, 0 and 1. */
  readonly first?: string;
  readonly step?: string;
}

const ARRAYS: readonly ArrayVariables[] = [
  {
    index: 'SLURM_ARRAY_TASK_ID',
    count: 'SLURM_ARRAY_TASK_COUNT',
    first: 'SLURM_ARRAY_TASK_MIN',
    step: 'SLURM_ARRAY_TASK_STEP',
  },
  { index: 'JOB_COMPLETION_INDEX', count: 'JOB_COMPLETIONS' },
  { index: 'AWS_BATCH_JOB_ARRAY_INDEX', count: 'AWS_BATCH_JOB_ARRAY_SIZE' },
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
  const array =
    text === 'auto' ? ARRAYS.find(({ index }) => environment[index] !== undefined) : undefined;
  const words = array === undefined ? text : sliceOf(array, environment);
  const [, index, count] = (/^(\d{1,6})\/(\d{1,6})$/.exec(words) ?? []).map(Number);
  if (index !== undefined && count !== undefined && index >= 1 && index <= count) {
    return { index, count };
  }
  if (array !== undefined) {
    const said = Object.values(array).map((name) => `${name}=${environment[name] ?? ''}`);
    throw new UsageError(
      `--task: expected an array job without gaps, of which these variables say the slice, received ${said.join(', ')}`,
      'as in sbatch --array=1-20; or give --task I/N',
    );
  }
  throw new UsageError(
    `--task: expected I/N with I from 1 to N, as in 3/10, or auto in an array job, received ${show(text)}`,
    text === 'auto'
      ? `of these variables: ${ARRAYS.map(({ index, count }) => `${index} and ${count}`).join('; ')}`
      : undefined,
  );
}

function sliceOf(
  array: ArrayVariables,
  environment: Readonly<Record<string, string | undefined>>,
): string {
  const numberIn = (name: string | undefined, usual: number): number =>
    name === undefined ? usual : Number(environment[name] ?? usual);
  const [first, step] = [numberIn(array.first, 0), numberIn(array.step, 1)];
  return `${(Number(environment[array.index]) - first) / step + 1}/${environment[array.count]}`;
}
