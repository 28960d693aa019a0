import { join } from 'node:path';
import { appendLine } from '../files.js';
import type { TrainingEvent } from './events.js';

/** Takes a training's events down. */
export interface RunLog {
  write(event: TrainingEvent): Promise<void>;
}

/**
 * A log that is a new file in a folder, named after the recipe and the time, with one JSON object a
 * line: what `--json` prints.
 */
export function openRunLog(folder: string, recipeName: string): RunLog {
  // Colons are not for names of files everywhere.
  const time = new Date().toISOString().replaceAll(':', '-');
  const file = join(folder, `${recipeName}-${time}-${process.pid}.jsonl`);
  return { write: (event) => appendLine(file, JSON.stringify(event)) };
}
