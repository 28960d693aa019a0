import type { Backend } from '../backend.js';
import type { Dataset } from '../dataset.js';
import { EVALUATION_ROWS } from '../network/compile.js';
import type { Model } from '../network/model.js';
import { Predictor } from '../network/predictor.js';
import { someTurn } from '../turns.js';
import { type PassOptions, throwIfAborted } from './run-pass.js';

/** The most samples predicted in one call; the event loop turns between two. */
const ROWS = 1024;
/** How long a call may keep the event loop, in milliseconds. */
const MILLISECONDS = 20;

/**
 * Predicts the samples at `indices`.
 *
 * @returns `[indices, classes]` probabilities, or `[indices, outputs]` numbers in their own units
 * @throws AbortedError if the signal ended it
 */
export async function predictSamples(
  model: Model,
  { inputs, features }: Dataset,
  indices: Uint32Array,
  backend: Backend,
  { signal }: PassOptions = {},
): Promise<Float32Array> {
  const predictor = new Predictor(model, backend, Math.min(ROWS, indices.length));
  const parts: Float32Array[] = [];
  try {
    // How long a sample takes shows with the first few. No number depends on how many go together.
    let rows = EVALUATION_ROWS;
    for (let start = 0; start < indices.length; ) {
      await someTurn();
      throwIfAborted(signal);
      const begun = performance.now();
      const some = indices.subarray(start, start + rows);
      const samples =
        inputs instanceof Uint8Array
          ? new Uint8Array(some.length * features)
          : new Float32Array(some.length * features);
      for (const [row, index] of some.entries()) {
        samples.set(inputs.subarray(index * features, (index + 1) * features), row * features);
      }
      parts.push(predictor.predict(samples));
      start += some.length;
      const milliseconds = performance.now() - begun;
      if (milliseconds < MILLISECONDS / 2) rows = Math.min(2 * rows, ROWS);
      else if (milliseconds > MILLISECONDS) rows = Math.max(1, Math.floor(rows / 2));
    }
  } finally {
    predictor.close();
  }
  const outputs = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    outputs.set(part, at);
    at += part.length;
  }
  return outputs;
}
