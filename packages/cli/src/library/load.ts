import { BitgradError, decodeModel, show } from '@bitgrad/core';
import { platform } from '#platform';
import { type BackendChoice, backendOf } from './backend.js';
import { type ClassPrediction, Model } from './model.js';

/**
 * Loads a model file, checking everything in it; it runs nothing.
 *
 * @param source a path or URL, a Blob, or the file's bytes
 * @returns the model; close it when done, or say `await using`
 * @throws BitgradError if it cannot be read or is not a whole, honest model file
 */
export async function load<Output = ClassPrediction>(
  source: string | URL | Blob | ArrayBuffer | Uint8Array,
  options: { readonly backend?: BackendChoice } = {},
): Promise<Model<Output>> {
  const { bytes, name } = await read(source);
  const saved = await decodeModel(bytes, name);
  return new Model(saved, await backendOf(options.backend));
}

async function read(
  source: string | URL | Blob | ArrayBuffer | Uint8Array,
): Promise<{ bytes: Uint8Array; name: string }> {
  if (source instanceof Uint8Array) return { bytes: source, name: 'model' };
  if (source instanceof ArrayBuffer) return { bytes: new Uint8Array(source), name: 'model' };
  if (source instanceof Blob) {
    return { bytes: new Uint8Array(await source.arrayBuffer()), name: 'model' };
  }
  const name = source instanceof URL ? platform.placeOf(source) : source;
  if (typeof name !== 'string' || name === '') {
    throw new BitgradError(
      `model: expected a path, a URL, a Blob or the bytes of a file, received ${show(name)}`,
    );
  }
  return { bytes: await platform.readBytes(name), name };
}
