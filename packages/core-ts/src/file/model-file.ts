import { BitgradError, show } from '../errors.js';
import type { Model } from '../model/model.js';
import { parameterCount, parameterShapes } from '../model/parameters.js';
import { checkRecipe } from '../recipe.js';
import { checkReceipt, checkRunRecord } from './check-receipt.js';
import { weightsSha256 } from './digest.js';
import { CONTRACT, type Receipt, type RunRecord } from './receipt.js';
import { decodeSafetensors, encodeSafetensors, type Tensor } from './safetensors.js';

/** What a model file holds. */
export interface SavedModel extends Model {
  readonly receipt: Receipt;
  readonly run: RunRecord;
}

/**
 * The bytes of a model file: safetensors with the tensors `layers.0.weight` `[in, out]`,
 * `layers.0.bias` `[out]`, … and, as metadata, two JSON texts: `receipt` and `run`.
 */
export function encodeModel({ recipe, parameters, receipt, run }: SavedModel): Uint8Array {
  const tensors = parameterShapes(recipe).map(({ name, shape, start, length }) => ({
    name,
    shape,
    values: parameters.subarray(start, start + length),
  }));
  return encodeSafetensors({
    tensors,
    metadata: { receipt: JSON.stringify(receipt), run: JSON.stringify(run) },
  });
}

/**
 * Reads a model file, checking everything in it, the weights' digest included.
 *
 * @param fileName for messages
 * @throws BitgradError if the file is not a whole, honest model file
 */
export async function decodeModel(bytes: Uint8Array, fileName: string): Promise<SavedModel> {
  const { tensors, metadata } = decodeSafetensors(bytes, fileName);
  const receipt = parseText(metadata.receipt, 'receipt', fileName) as Receipt;
  const run = parseText(metadata.run, 'run', fileName) as RunRecord;
  if (receipt.contract !== CONTRACT) {
    throw new BitgradError(
      `${fileName}: expected contract version ${CONTRACT}, received ${show(receipt.contract)}`,
      'use the version of Bitgrad that made the file',
    );
  }
  const recipe = (() => {
    try {
      return checkRecipe(receipt.recipe);
    } catch (error) {
      if (error instanceof BitgradError)
        throw new BitgradError(`${fileName}: recipe: ${error.message}`);
      throw error;
    }
  })();
  checkReceipt(receipt, fileName);
  checkRunRecord(run, fileName);
  const parameters = joinTensors(tensors, recipe, fileName);
  const digest = await weightsSha256(parameters);
  if (digest !== receipt.weightsSha256) {
    throw new BitgradError(
      `${fileName}: expected weights with SHA-256 ${show(receipt.weightsSha256)}, received ${digest}`,
      'the weights are not those that the receipt speaks of',
    );
  }
  return { recipe, parameters, receipt, run };
}

function parseText(text: string | undefined, name: string, fileName: string): object {
  let value: unknown;
  try {
    value = JSON.parse(text ?? '');
  } catch {
    // The check below tells.
  }
  if (typeof value === 'object' && value !== null) return value;
  throw new BitgradError(
    `${fileName}: expected a ${name} in JSON, received ${text === undefined ? 'none' : show(text)}`,
    'give a model file that bitgrad train wrote',
  );
}

function joinTensors(
  tensors: readonly Tensor[],
  recipe: Model['recipe'],
  fileName: string,
): Float32Array {
  const shapes = parameterShapes(recipe);
  // All tensors are checked before memory is asked for: the recipe may ask for any amount.
  const checked = shapes.map(({ name, shape }) => {
    const tensor = tensors.find((one) => one.name === name);
    if (tensor === undefined || String(tensor.shape) !== String(shape)) {
      const received = tensor === undefined ? 'none' : `one of [${tensor.shape}]`;
      throw new BitgradError(
        `${fileName}: expected a tensor "${name}" [${shape}], received ${received}`,
      );
    }
    return tensor;
  });
  if (tensors.length !== shapes.length) {
    throw new BitgradError(
      `${fileName}: expected ${shapes.length} tensors, received ${tensors.length}`,
    );
  }
  const parameters = new Float32Array(parameterCount(recipe));
  for (const [at, { start }] of shapes.entries()) parameters.set(checked[at]!.values, start);
  return parameters;
}
