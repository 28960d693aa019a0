import { BitgradError } from '@bitgrad/core';
import type { Crew } from '../jobs/crew.js';
import { sideBySide } from '../jobs/side-by-side.js';
import type { BackendTexts, Source, Trained } from '../jobs/tasks.js';
import { readStopped, type Work } from './trial.js';

/** Told of each work as it is done, with the seconds that it took; awaited. */
export type OnTrained = (work: Work, trained: Trained, seconds: number) => Promise<void>;

/** Has works done, wherever. It ends by the first error, and with an AbortedError by its signal. */
export type Executor = (works: readonly Work[], onTrained: OnTrained) => Promise<void>;

/** Works in a crew's processes, at most so many at a time. */
export function localExecutor(
  crew: Crew,
  jobs: number,
  folder: string,
  source: Source,
  by: BackendTexts,
): Executor {
  return (works, onTrained) =>
    sideBySide(works, jobs, async (work) => {
      try {
        const { trial, until, after } = work;
        const checkpoint = after === null ? null : await readStopped(folder, after);
        const task = { kind: 'train', recipe: trial.recipe, until, checkpoint } as const;
        const answer = await crew.run({ task, source, by }, `trial ${trial.name}`);
        if ('refusal' in answer) throw changedData(source, answer.refusal);
        if (answer.done.kind === 'train') await onTrained(work, answer.done, answer.seconds);
      } catch (error) {
        // The first error ends the others, and is the one to tell.
        crew.close();
        throw error;
      }
    });
}

/** The data were there when the trials were named by them. */
function changedData({ data }: Source, refusal: string): BitgradError {
  return new BitgradError(
    `${data}: expected data that stay as they are while a sweep goes on, received others: ${refusal}`,
    'put them back, or begin again with another --out: trials are named by their data',
  );
}
