// A process that does tasks, one after the other, and keeps the data of the last one.

import { type Backend, type Dataset, datasetSha256 } from '@bitgrad/core';
import { chooseBackend } from '../backends.js';
import { loadData } from '../data-options.js';
import { limitIn } from '../system-limits.js';
import { UsageError } from '../usage-error.js';
import { trainTask, verifyTask } from './do-task.js';
import type { Answer, BackendTexts, Order, Ready, Source } from './tasks.js';

/** What is kept of the last task, by what asked for it. */
function keepLast<Key, Value>(make: (key: Key) => Promise<Value>): (key: Key) => Promise<Value> {
  let last: { readonly text: string; readonly value: Value } | null = null;
  return async (key) => {
    const text = JSON.stringify(key);
    if (last?.text === text) return last.value;
    // What is no longer needed must not stand beside what is.
    last = null;
    const value = await make(key);
    last = { text, value };
    return value;
  };
}

const datasetOf = keepLast(async ({ data, loadOptions }: Source): Promise<Dataset> => {
  const dataset = await loadData(data, loadOptions);
  return { ...dataset, sha256: dataset.sha256 ?? (await datasetSha256(dataset)) };
});

const backendOf = keepLast(
  async ({ backend, threads, isa }: BackendTexts): Promise<Backend> =>
    (await chooseBackend(backend, threads, isa)).backend,
);

async function answerTo({ task, source, by }: Order): Promise<Answer> {
  const begun = performance.now();
  const backend = await backendOf(by);
  const { sha256, ...place } = source;
  const dataset = await datasetOf(place).catch((error: Error) => {
    if (sha256 === undefined) throw error;
    return error.message;
  });
  if (typeof dataset === 'string') return { refusal: dataset };
  if (sha256 !== undefined && dataset.sha256 !== sha256) {
    return {
      refusal: `${source.data}: expected data with SHA-256 ${sha256}, received ${dataset.sha256}`,
    };
  }
  const done =
    task.kind === 'train'
      ? { kind: task.kind, ...(await trainTask(task, dataset, backend)) }
      : await verifyTask(task, dataset, backend, (told) => process.send!(told));
  return { done, seconds: (performance.now() - begun) / 1000 };
}

process.on('message', (order: Order) => {
  answerTo(order)
    .catch((thrown: unknown) => {
      const error = limitIn(thrown) as Error & { fix?: string };
      return { error: error.message, fix: error.fix, isUsage: error instanceof UsageError };
    })
    .then((answer) => process.send!(answer));
});
// Whoever asked is gone.
process.on('disconnect', () => process.exit());
process.send!({ isReady: true } satisfies Ready);
