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
  /** Says so, unless an epoch is still to be saved. @returns whether it is not */
  sayGoodbye(): boolean;
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
 */
export function makeSaver(outputs: Outputs, dataWords: readonly string[]): Saver {
  const { checkpointTarget: target, checkpoint: file, checkpointEvery } = outputs;
  let savedEpoch: number | null = null;
  let doneEpoch: number | null = null;
  const save = async (training: Training): Promise<void> => {
    if (target === undefined || savedEpoch === training.epoch) return;
    const bytes = await encodeCheckpoint(training.checkpoint());
    await replaceFile(nameAfter(target, training.epoch), bytes, target);
    savedEpoch = training.epoch;
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
      doneEpoch = training.epoch;
      if (training.epoch % checkpointEvery === 0 || training.isDone) await save(training);
    },
    abort: save,
    outcome,
    sayGoodbye() {
      if (target !== undefined && savedEpoch !== doneEpoch) return false;
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
