import { BitgradError } from '@bitgrad/core';
import { checkTrained } from '../queue/answers.js';
import { importQueue, type QueueRequest } from '../queue/load-queue.js';
import { type NamedData, type Payload, textOfBytes } from '../queue/payload.js';
import type { Executor } from './executors.js';
import { readStopped, type Work } from './trial.js';

/** Has works done by whoever works at a queue. */
export function queueExecutor(
  folder: string,
  data: NamedData,
  queue: QueueRequest,
  signal: AbortSignal,
  onNote: (text: string) => void,
): Executor {
  return async (works, onTrained) => {
    if (works.length === 0) return;
    const { JobQueue } = await importQueue();
    const jobs = await JobQueue.open({ ...queue, onNote });
    try {
      const byName = new Map(works.map((work) => [work.name, work]));
      const asked = await Promise.all(
        works.map(async (work) => ({
          name: work.name,
          payload: await payloadOf(work, folder, data),
        })),
      );
      await jobs.run(asked, signal, {
        async onDone(name, { answer, worker, seconds }) {
          const work = byName.get(name)!;
          const trained = await checkTrained(answer, work, data.sha256);
          await onTrained(work, trained, seconds).catch((error: unknown) => {
            // What another process kept differs: say whose this one is.
            if (!(error instanceof BitgradError)) throw error;
            throw new BitgradError(`${error.message}, by worker ${worker}`, error.fix);
          });
        },
        onRefused: (worker, reason) => onNote(`worker ${worker} leaves a job to others: ${reason}`),
      });
    } finally {
      await jobs.close();
    }
  };
}

async function payloadOf(
  { trial, until, after }: Work,
  folder: string,
  data: NamedData,
): Promise<Payload> {
  const checkpoint = after === null ? null : await readStopped(folder, after);
  return {
    kind: 'train',
    recipe: trial.recipe,
    until,
    checkpoint: checkpoint && textOfBytes(checkpoint),
    data,
  };
}
