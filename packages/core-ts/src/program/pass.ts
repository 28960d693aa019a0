import { BitgradError, NonFiniteError, show } from '../errors.js';
import type { Memory } from './memory.js';
import { COUNT, type EntryName, POSITION, type Program, STEP } from './program.js';
import { entryLimits, type Limits } from './validate.js';

/** The largest pass of each entry of a valid program. */
export function programLimits(program: Program): ReadonlyMap<EntryName, Limits> {
  const limits = new Map<EntryName, Limits>();
  for (const [name, entry] of Object.entries(program.entries)) {
    limits.set(name as EntryName, entryLimits(program, entry));
  }
  return limits;
}

/**
 * Checks that `steps` more steps of a pass can be run, so that a backend may trust `control`.
 *
 * @throws BitgradError if the entry does not exist, the pass is larger than its slices, or it has
 *   fewer steps left
 */
export function checkPass(
  program: Program,
  limits: ReadonlyMap<EntryName, Limits>,
  memory: Memory,
  entryName: EntryName,
  steps: number,
): void {
  const entry = program.entries[entryName];
  const limit = limits.get(entryName);
  if (entry === undefined || limit === undefined) {
    throw new BitgradError(
      `run: expected one of the entries ${Object.keys(program.entries).join(', ')}, received ${show(entryName)}`,
    );
  }
  const control = memory.u32('control');
  if (control.length === 0) {
    throw new BitgradError('run: expected memory, received a detached buffer');
  }
  const [position, count, step] = [control[POSITION]!, control[COUNT]!, control[STEP]!];
  if (position > count || count > limit.rows) {
    throw new BitgradError(
      `run: expected control to hold position ≤ count ≤ ${limit.rows}, received ${position} and ${count}`,
    );
  }
  const stepsLeft = Math.ceil((count - position) / entry.batchSize);
  if (!Number.isInteger(steps) || steps < 0 || steps > stepsLeft) {
    throw new BitgradError(
      `run: expected at most ${stepsLeft} steps, which is what the pass has left, received ${show(steps)}`,
    );
  }
  if (step + steps > limit.steps) {
    throw new BitgradError(
      `run: expected at most ${limit.steps} steps a pass, received ${step + steps}`,
    );
  }
}

/** Why a backend ended a run early. The numbers are what the C++ kernels return. */
export const RUN_STATUS = {
  done: 0,
  nonFiniteLoss: 1,
  badIndex: 2,
  badTarget: 3,
  aborted: 4,
} as const;

/** The error for a status other than `done`, at a step of the pass counted from 0. */
export function runError(status: number, step: number): Error {
  switch (status) {
    case RUN_STATUS.nonFiniteLoss:
      return new NonFiniteError(
        `the loss is not finite at step ${step + 1} of this pass`,
        step,
        'a lower learning rate usually helps',
      );
    case RUN_STATUS.badIndex:
      return new BitgradError(
        `gather: expected sample indices below the number of samples (step ${step + 1} of this pass)`,
      );
    case RUN_STATUS.badTarget:
      return new BitgradError(
        `targets: expected class indices below the number of classes (step ${step + 1} of this pass)`,
      );
    default:
      return new Error(`unknown status ${status}`);
  }
}
