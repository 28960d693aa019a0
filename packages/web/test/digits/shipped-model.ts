import { readFile } from 'node:fs/promises';
import { decodeModel, Predictor } from '@bitgrad/core';
import { wasmBackend } from '@bitgrad/core-wasm';

const FILE = new URL('../../model/model.safetensors', import.meta.url);

/** The shipped model as a function from a prepared drawing to the digit that it takes it for. */
export async function openShipped(): Promise<(pixels: Uint8Array) => number> {
  const model = await decodeModel(await readFile(FILE), 'model.safetensors');
  // The fastest that is everywhere; it gives the bits of the page's.
  const predictor = new Predictor(model, await wasmBackend());
  return (pixels) => {
    const probabilities = predictor.predict(pixels);
    return probabilities.indexOf(Math.max(...probabilities));
  };
}
