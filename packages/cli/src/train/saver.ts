import { basename, dirname, join } from 'node:path';
import { encodeCheckpoint, type Training } from '@bitgrad/core';
import { replaceFile } from '../files.js';
import { EPOCH } from '../keep-inputs.js';
import { note } from '../output.js';
import { programName, quoted } from '../program-name.js';
import type { Outputs } from './outputs.js';

/** Saves a training as it goes, where that was asked for. */
export interface Saver {
  /** After an epoch. */
  epoch(training: Training): Promise<void>;
  /** After Ctrl-C. */
  abort(training: Training): Promise<void>;
  /** What an interrupted training leaves behind. */
  outcome(): Outcome;
  /**
   * Saves the last epoch, unless it is saved, and says so: for a training that does not come to the end of its step.
   *
   * @returns whether that was all; not where it has come to that end meanwhile
   */
  sayGoodbye(): Promise<boolean>;
}

/** What became of an interrupted training, and what to do now. */
export interface Outcome {
  readonly message: string;
  readonly fix: string | undefined;
}

/**
 * Makes a saver that writes checkpoints to the requested file, or none.
 *
 * @param dataWords the options that say which data, for the command that goes on
 * @param isHeard whether signals are; else each epoch is saved, since nothing can be at the end
 */
export function makeSaver(outputs: Outputs, dataWords: readonly string[], isHeard: boolean): Saver {
  const { checkpointTarget: target, checkpoint: file } = outputs;
  const every = isHeard ? outputs.checkpointEvery : 1;
  let savedEpoch: number | null = null;
  let last: Training | null = null;
  let isAborted = false;
  let saving = Promise.resolve();
  const saveNow = async (training: Training): Promise<void> => {
    if (target === undefined || savedEpoch === training.epoch) return;
    // Another epoch may come to its end meanwhile.
    const { epoch } = training;
    const bytes = await encodeCheckpoint(training.checkpoint());
    await replaceFile(nameAfter(target, epoch), bytes, target);
    savedEpoch = epoch;
  };
  /** One after the other. */
  const save = (training: Training): Promise<void> => {
    saving = saving.catch(() => undefined).then(() => saveNow(training));
    return saving;
  };
  const outcome = (): Outcome => {
    if (file === undefined || savedEpoch === null) {
      return { message: 'no model was written', fix: undefined };
    }
    const saved = nameAfter(file, savedEpoch);
    const line = ['train', '--resume', saved, ...dataWords].map(quoted).join(' ');
    return {
      message: `saved in ${saved} after epoch ${savedEpoch}`,
      fix: `go on with: ${programName()} ${line}`,
    };
  };
  return {
    async epoch(training) {
      last = training;
      if (training.epoch % every === 0 || training.isDone) await save(training);
    },
    abort(training) {
      isAborted = true;
      return save(training);
    },
    outcome,
    async sayGoodbye() {
      if (last !== null) {
        await save(last).catch((error: Error) => note(`error: ${error.message}`));
      }
      if (isAborted) return false;
      const { message, fix } = outcome();
      note(`interrupted; ${message}`);
      if (fix !== undefined) note(fix);
      return true;
    },
  };
}

/** A checkpoint's name: `{epoch}` in it keeps one for each epoch, as stretches are verified from. */
function nameAfter(file: string, epoch: number): string {
  return join(dirname(file), basename(file).replaceAll(EPOCH, String(epoch)));
}
