import type { Backend } from '../backend.js';
import type { Dataset } from '../dataset.js';
import type { Model } from '../network/model.js';
import { Predictor } from '../network/predictor.js';
import { type PassOptions, throwIfAborted } from './run-pass.js';

/** Samples predicted in one call; the event loop turns between two. */
const ROWS = 1024;

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
    for (let start = 0; start < indices.length; start += ROWS) {
      throwIfAborted(signal);
      const some = indices.subarray(start, start + ROWS);
      const samples =
        inputs instanceof Uint8Array
          ? new Uint8Array(some.length * features)
          : new Float32Array(some.length * features);
      for (const [row, index] of some.entries()) {
        samples.set(inputs.subarray(index * features, (index + 1) * features), row * features);
      }
      parts.push(predictor.predict(samples));
      await new Promise((resolve) => setTimeout(resolve, 0));
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
