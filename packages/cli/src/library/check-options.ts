import { BitgradError, show } from '@bitgrad/core';
import type { TrainOptions } from './options.js';

/**
 * What the types say of options that are no part of a recipe, for those who have none.
 *
 * @throws BitgradError naming the option
 */
export function checkOptions(options: TrainOptions): void {
  if (typeof options !== 'object') {
    throw new BitgradError(
      `options: expected an object, received ${show(options)}`,
      "as in train(data, { label: 'species' })",
    );
  }
  const { onEpoch, onProgress, signal, start } = options;
  for (const [name, value] of Object.entries({ onEpoch, onProgress })) {
    if ((value ?? undefined) === undefined || typeof value === 'function') continue;
    throw new BitgradError(`${name}: expected a function, received ${show(value)}`);
  }
  if ((signal ?? undefined) !== undefined && typeof signal!.throwIfAborted !== 'function') {
    throw new BitgradError(`signal: expected an AbortSignal, received ${show(signal)}`);
  }
  if (start === undefined) return;
  const { saved = start } = (start ?? {}) as { saved?: unknown };
  if ((saved as { parameters?: unknown } | null)?.parameters instanceof Float32Array) return;
  throw new BitgradError(
    `start: expected a model, received ${show(start)}`,
    "a file's is loaded first: start: await load('model.safetensors')",
  );
}
