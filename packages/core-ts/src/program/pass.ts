import { BitgradError, NonFiniteError, show } from '../errors.js';
import type { Memory } from './memory.js';
import { COUNT, type EntryName, POSITION, type Program, STEP } from './program.js';
import { entryLimits, type Limits } from './validate.js';

/** Checks what a session is asked to run, so that its backend may trust `control`. */
export class PassCheck {
  private readonly control: Uint32Array;
  private readonly passes = new Map<string, Limits & { batchSize: number }>();

  /** @param program must be valid */
  constructor(program: Program, memory: Memory) {
    this.control = memory.u32('control');
    for (const [name, entry] of Object.entries(program.entries)) {
      const { batchSize } = entry;
      this.passes.set(name, { batchSize, ...entryLimits(program, entry) });
    }
  }

  /**
   * @throws BitgradError unless `steps` more steps of the pass can be run: if the entry does not
   *   exist, the pass is larger than its slices, or it has fewer steps left
   */
  check(entryName: EntryName, steps: number): void {
    const pass = this.passes.get(entryName);
    if (pass === undefined) {
      throw new BitgradError(
        `run: expected one of the entries ${[...this.passes.keys()].join(', ')}, received ${show(entryName)}`,
      );
    }
    const { control } = this;
    if (control.length === 0) {
      throw new BitgradError("run: expected the session's memory, received a detached buffer");
    }
    const position = control[POSITION]!;
    const count = control[COUNT]!;
    const step = control[STEP]!;
    if (!(position <= count && count <= pass.rows)) {
      throw new BitgradError(
        `run: expected control to hold position ≤ count ≤ ${pass.rows}, received ${position} and ${count}`,
      );
    }
    const stepsLeft = Math.ceil((count - position) / pass.batchSize);
    if (!Number.isInteger(steps) || steps < 0 || steps > stepsLeft) {
      throw new BitgradError(
        `run: expected at most ${stepsLeft} steps, which is what the pass has left, received ${show(steps)}`,
      );
    }
    if (!(step + steps <= pass.steps)) {
      throw new BitgradError(
        `run: expected at most ${pass.steps} steps a pass, received ${step + steps}`,
      );
    }
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
