import {
  type Checkpoint,
  compareStates,
  type EpochDifference,
  type StateDifference,
  type StepsComparison,
} from '@bitgrad/core';

/** Where a training's checkpoints are, if they were kept. */
export interface Kept {
  /** The checkpoint after so many epochs, or null where there is none. */
  checkpointAfter(epoch: number): Promise<Checkpoint | null>;
}

/** The first number that differs after an epoch, where both have a checkpoint of it. */
export async function differenceAfter(
  epoch: number,
  a: Kept,
  b: Kept,
): Promise<StateDifference | null> {
  const [ours, theirs] = [await a.checkpointAfter(epoch), await b.checkpointAfter(epoch)];
  return ours && theirs ? compareStates(ours.state, theirs.state) : null;
}

/** The first checkpoint after so many epochs that one of two trainings has. */
export async function firstKept(epoch: number, sides: readonly Kept[]): Promise<Checkpoint | null> {
  for (const side of sides) {
    const checkpoint = await side.checkpointAfter(epoch);
    if (checkpoint) return checkpoint;
  }
  return null;
}

/** Whose digest the epoch gives when it is trained again by backend ts, which defines every bit. */
export function rightOf(
  { reports: [{ weightsSha256, stateSha256 }] }: StepsComparison,
  found: EpochDifference,
): 'a' | 'b' | null {
  const digest = found.field === 'epochs' ? weightsSha256 : stateSha256;
  return digest === found.a ? 'a' : digest === found.b ? 'b' : null;
}
