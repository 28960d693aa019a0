// A thread that computes: it opens models and predicts samples, as it is told.

import { parentPort, workerData } from 'node:worker_threads';
import { decodeModel, Predictor } from '@bitgrad/core';
import type { Tells, Told } from './worker-engine.js';

const { backendModule } = workerData as { readonly backendModule: string };
const { fastestBackend } = await import(backendModule);
const backend = await fastestBackend();
const predictors = new Map<number, Predictor | Error>();
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
    predictors.set(message.model, await open(message.bytes, message.rows));
  } else if (message.kind === 'close') {
    const predictor = predictors.get(message.model);
    if (predictor instanceof Predictor) predictor.close();
    predictors.delete(message.model);
  } else {
    try {
      const predictor = predictors.get(message.model)!;
      if (!(predictor instanceof Predictor)) throw predictor;
      const outputs = predictor.predict(message.samples);
      tell({ kind: 'done', run: message.run, outputs }, [outputs.buffer as ArrayBuffer]);
    } catch (error) {
      tell({ kind: 'failed', run: message.run, reason: String(error) });
    }
  }
}

/** @returns why it could not be opened, for those who ask for predictions */
async function open(bytes: Uint8Array, rows: number): Promise<Predictor | Error> {
  try {
    return new Predictor(await decodeModel(bytes, 'model'), backend, rows);
  } catch (error) {
    return error as Error;
  }
}
