// A thread that computes: it opens models and predicts samples, as it is told.

import { parentPort, workerData } from 'node:worker_threads';
import { decodeModel, Predictor } from '@bitgrad/core';
import type { Tells, Told } from './worker-engine.js';

const { backendModule } = workerData as { readonly backendModule: string };
const { fastestBackend } = await import(backendModule);
const backend = await fastestBackend();
const predictors = new Map<number, Predictor>();
const tell = (message: Tells, transfer: ArrayBuffer[] = []): void =>
  parentPort?.postMessage(message, transfer);

// One after another: a model is open before it is asked.
let last: Promise<void> = Promise.resolve();
parentPort?.on('message', (message: Told) => {
  last = last.then(() => take(message));
});
tell({ kind: 'ready' });

async function take(message: Told): Promise<void> {
  if (message.kind === 'open') {
    const model = await decodeModel(message.bytes, 'model');
    predictors.set(message.model, new Predictor(model, backend, message.rows));
  } else if (message.kind === 'close') {
    predictors.get(message.model)?.close();
    predictors.delete(message.model);
  } else {
    try {
      const outputs = predictors.get(message.model)!.predict(message.samples);
      tell({ kind: 'done', run: message.run, outputs }, [outputs.buffer as ArrayBuffer]);
    } catch (error) {
      tell({ kind: 'failed', run: message.run, reason: String(error) });
    }
  }
}
