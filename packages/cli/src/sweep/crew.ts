import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { BitgradError } from '@bitgrad/core';
import type { Outcome, Trial } from './trial.js';
import type { Answer, Begin } from './worker.js';

const program = fileURLToPath(new URL('./worker.js', import.meta.url));
/** How often a trial is begun before its process is no longer thought to have died by chance. */
const MOST_ATTEMPTS = 3;

/**
 * Trains all trials in processes of their own. A process that dies takes nothing with it but the trial
 * that it was at, which another one begins again.
 *
 * @param signal ends all processes
 * @param onDone told of each trial as it is done
 * @throws BitgradError that a process met, or where one trial's processes die again and again
 */
export async function trainAll(
  trials: readonly Trial[],
  jobs: number,
  begin: Begin,
  signal: AbortSignal,
  onDone: (trial: Trial, outcome: Outcome, seconds: number) => void,
): Promise<void> {
  const waiting = [...trials];
  const attempts = new Map<Trial, number>();
  const work = async (): Promise<void> => {
    while (waiting.length > 0 && !signal.aborted) {
      await useProcess();
    }
  };

  /** Lets one process do trials for as long as it lives. */
  const useProcess = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const child = fork(program, {
        serialization: 'advanced',
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      });
      const end = (): void => endProcess(child);
      signal.addEventListener('abort', end);
      let current: Trial | undefined;
      const next = (): void => {
        current = signal.aborted ? undefined : waiting.shift();
        if (current === undefined) {
          end();
          return;
        }
        attempts.set(current, (attempts.get(current) ?? 0) + 1);
        const { name, recipe } = current;
        child.send({ order: { name, recipe } });
      };
      child.on('message', (answer: Answer) => {
        if ('error' in answer) {
          waiting.length = 0;
          current = undefined;
          end();
          reject(new BitgradError(answer.error, answer.fix));
          return;
        }
        onDone(current!, answer.outcome, answer.seconds);
        next();
      });
      child.on('error', reject);
      child.on('exit', (code, by) => {
        signal.removeEventListener('abort', end);
        if (current === undefined || signal.aborted) resolve();
        else if (attempts.get(current)! < MOST_ATTEMPTS) {
          waiting.unshift(current);
          resolve();
        } else {
          waiting.length = 0;
          reject(
            new BitgradError(
              `trial ${current.name}: expected a process that trains it, received ${MOST_ATTEMPTS} that ended with ${by ?? code}`,
            ),
          );
        }
      });
      child.send({ begin });
      next();
    });

  const workers = Array.from({ length: Math.min(jobs, trials.length) }, work);
  const failed = (await Promise.allSettled(workers)).find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
}

/** A process that has nothing more to do holds nothing that must be saved. */
function endProcess(child: ChildProcess): void {
  if (child.connected) child.disconnect();
  child.kill();
}
