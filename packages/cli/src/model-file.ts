import { decodeModel, type SavedModel } from '@bitgrad/core';
import { readFileBytes } from './files.js';

/** A model file that was read, and its size. */
export interface LoadedModel {
  readonly model: SavedModel;
  readonly bytes: number;
}

/** @throws BitgradError if the file cannot be read or is not a whole, honest model file */
export async function readModel(path: string): Promise<LoadedModel> {
  const bytes = await readFileBytes(path);
  return { model: await decodeModel(bytes, path), bytes: bytes.length };
}
