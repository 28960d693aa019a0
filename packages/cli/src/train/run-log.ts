import { join } from 'node:path';
import { BitgradError } from '@bitgrad/core';
import { appendLine } from '../files.js';
import { note } from '../output.js';
import type { TrainingEvent } from './events.js';

/** The longest part of a log's name that a recipe's name makes. */
const LONGEST_NAME = 64;

/** Takes a training's events down. */
export interface RunLog {
  write(event: TrainingEvent): Promise<void>;
}

/**
 * A log that is a new file in a folder, named after the recipe and the time, with one JSON object a
 * line: what `--json` prints. A full disk ends the log, not the training.
 */
export function openRunLog(folder: string, recipeName: string): RunLog {
  // Colons are not for names of files everywhere.
  const time = new Date().toISOString().replaceAll(':', '-');
  const file = join(folder, `${fileNameOf(recipeName)}-${time}-${process.pid}.jsonl`);
  let isOpen = true;
  return {
    async write(event) {
      if (!isOpen) return;
      try {
        await appendLine(file, JSON.stringify(event));
      } catch (error) {
        if (!(error instanceof BitgradError)) throw error;
        isOpen = false;
        note(`note: --log ends here: ${error.message}`);
      }
    },
  };
}

/** A recipe's name, which a checkpoint brings along, as a part of one file's name in any folder. */
function fileNameOf(name: string): string {
  const safe = name.replace(/[^\p{L}\p{N}_-]+/gu, '-').slice(0, LONGEST_NAME);
  return safe.replace(/^-+/, '') || 'recipe';
}
