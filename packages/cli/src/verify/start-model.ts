import { type Recipe, type SavedModel, startDigest } from '@bitgrad/core';
import { readModel } from '../model-file.js';
import { UsageError } from '../usage-error.js';

/**
 * The model that a training began with, if it did.
 *
 * @throws UsageError where it is missing, or given for nothing
 */
export async function startModel(
  file: string | undefined,
  { initializer }: Recipe,
  path: string,
): Promise<SavedModel | undefined> {
  const digest = startDigest(initializer);
  if (digest === null && file !== undefined) {
    throw new UsageError(
      `--start: expected none, because ${path} began with random weights, received ${file}`,
    );
  }
  if (digest === null) return undefined;
  const model = file === undefined ? undefined : (await readModel(file)).model;
  if (model?.receipt.weightsSha256 === digest) return model;
  throw new UsageError(
    `--start: expected the model that ${path} began with, whose weightsSha256 is ${digest}, received ${model?.receipt.weightsSha256 ?? 'none'}`,
  );
}
