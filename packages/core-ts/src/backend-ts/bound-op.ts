import { RUN_STATUS } from '../program/pass.js';

/** Where a step stands in its pass: see the legend in ops.ts. */
export interface StepPlace {
  rows: number;
  position: number;
  step: number;
  whole: number;
  before: number;
}

/** An op that has its slices in hand. Returns a status other than `done` where the run must end. */
export type BoundOp = (place: StepPlace) => number;

/** An op that cannot fail. */
export function always(run: (place: StepPlace) => void): BoundOp {
  return (place) => {
    run(place);
    return RUN_STATUS.done;
  };
}
