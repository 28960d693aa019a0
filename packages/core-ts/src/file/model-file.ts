import { isEncoding } from '../data/check-encoding.js';
import { BitgradError, show } from '../errors.js';
import { resolve } from '../network/graph.js';
import type { Model } from '../network/model.js';
import { parameterShapes } from '../network/parameters.js';
import { checkRecipe } from '../recipe/check-recipe.js';
import type { Recipe } from '../recipe/recipe.js';
import type { Standardization } from '../train/standardize.js';
import { checkDatasetFits, checkReceipt, checkRunRecord } from './check-receipt.js';
import { preparationSha256, weightsSha256 } from './digest.js';
import { CONTRACT, type Receipt, type RunRecord } from './receipt.js';
import { decodeSafetensors, encodeSafetensors, type Tensor } from './safetensors.js';

const MEAN = 'input.mean';
const DEVIATION = 'input.deviation';
const TARGET_MEAN = 'output.mean';
const TARGET_DEVIATION = 'output.deviation';

/** What a model file holds. */
export interface SavedModel extends Model {
  readonly receipt: Receipt;
  readonly run: RunRecord;
}

/**
 * The bytes of a model file: safetensors with the tensors `layers.0.weight` `[in, out]`,
 * `layers.0.bias` `[out]`, … (and `input.mean`, `input.deviation` `[features]` if a table was
 * standardised, `output.mean`, `output.deviation` `[outputs]` if what it learnt was) and, as metadata, two JSON texts: `receipt` and `run`, and `input` with the names
 * of classes and columns if there are any.
 */
export function encodeModel(model: SavedModel): Uint8Array {
  const { recipe, parameters, receipt, run, standardization, classNames, encoding } = model;
  const tensors: Tensor[] = parameterShapes(recipe).map(({ name, shape, start, length }) => ({
    name,
    shape,
    values: parameters.subarray(start, start + length),
  }));
  if (standardization) {
    const shape = [standardization.mean.length];
    tensors.push({ name: MEAN, shape, values: standardization.mean });
    tensors.push({ name: DEVIATION, shape, values: standardization.deviation });
  }
  if (model.targetStandardization) {
    const { mean, deviation } = model.targetStandardization;
    tensors.push({ name: TARGET_MEAN, shape: [mean.length], values: mean });
    tensors.push({ name: TARGET_DEVIATION, shape: [deviation.length], values: deviation });
  }
  const metadata: Record<string, string> = {
    receipt: JSON.stringify(receipt),
    run: JSON.stringify(run),
  };
  if (classNames || encoding) metadata.input = JSON.stringify({ classNames, encoding });
  return encodeSafetensors({ tensors, metadata });
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
  const recipe = checkRecipeOf(receipt, fileName);
  checkReceipt(receipt, fileName);
  checkDatasetFits(receipt.dataset, resolve(recipe), fileName);
  checkRunRecord(run, fileName);
  const parameters = joinTensors(tensors, parameterShapes(recipe), fileName);
  const scales = readScales(tensors, recipe, fileName);
  const input =
    metadata.input === undefined
      ? { classNames: null, encoding: null }
      : readInput(parseText(metadata.input, 'input', fileName), recipe, fileName);
  const digest = await weightsSha256(parameters);
  if (digest !== receipt.weightsSha256) {
    throw new BitgradError(
      `${fileName}: expected weights with SHA-256 ${show(receipt.weightsSha256)}, received ${digest}`,
      'the weights are not those that the receipt speaks of',
    );
  }
  const preparation = (await preparationSha256({ ...scales, ...input })) ?? undefined;
  if (preparation !== receipt.preparationSha256) {
    throw new BitgradError(
      `${fileName}: expected names, encoding and scaling with SHA-256 ${receipt.preparationSha256 ?? 'none'}, received ${preparation ?? 'none'}`,
      'how samples are prepared is not what the receipt speaks of',
    );
  }
  return { recipe, parameters, ...scales, ...input, receipt, run };
}

/** @throws BitgradError, naming the file, if its recipe is not valid */
export function checkRecipeOf({ recipe }: Pick<Receipt, 'recipe'>, fileName: string): Recipe {
  try {
    return checkRecipe(recipe);
  } catch (error) {
    if (!(error instanceof BitgradError)) throw error;
    throw new BitgradError(`${fileName}: recipe: ${error.message}`);
  }
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

/** Joins the named tensors, which must have the given shapes. */
export function joinTensors(
  tensors: readonly Tensor[],
  shapes: readonly { readonly name: string; readonly shape: readonly number[] }[],
  fileName: string,
): Float32Array {
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const parts = shapes.map(({ name, shape }) => findTensor(byName, name, shape, fileName));
  const joined = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let start = 0;
  for (const part of parts) {
    joined.set(part, start);
    start += part.length;
  }
  return joined;
}

/** @throws BitgradError if there is no tensor of this name and shape */
export function findTensor(
  tensors: ReadonlyMap<string, Tensor>,
  name: string,
  shape: readonly number[],
  fileName: string,
): Float32Array {
  const tensor = tensors.get(name);
  if (tensor !== undefined && String(tensor.shape) === String(shape)) return tensor.values;
  const received = tensor === undefined ? 'none' : `one of [${tensor.shape}]`;
  throw new BitgradError(
    `${fileName}: expected a tensor "${name}" [${shape}], received ${received}`,
  );
}

function readScales(
  tensors: readonly Tensor[],
  recipe: Recipe,
  fileName: string,
): Pick<Model, 'standardization' | 'targetStandardization'> {
  const { standardize, standardizeTargets, loss } = recipe;
  const { features, outputs } = resolve(recipe);
  const scalesTargets = standardizeTargets && loss === 'squared-error';
  const others = (standardize ? 2 : 0) + (scalesTargets ? 2 : 0);
  const expected = parameterShapes(recipe).length + others;
  if (tensors.length !== expected) {
    throw new BitgradError(`${fileName}: expected ${expected} tensors, received ${tensors.length}`);
  }
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const scale = (mean: string, deviation: string, width: number): Standardization => {
    const found = findTensor(byName, deviation, [width], fileName);
    if (!found.every((value) => value > 0)) {
      throw new BitgradError(`${fileName}: expected deviations above 0 in "${deviation}"`);
    }
    return { mean: findTensor(byName, mean, [width], fileName), deviation: found };
  };
  return {
    standardization: standardize ? scale(MEAN, DEVIATION, features) : null,
    ...(scalesTargets && {
      targetStandardization: scale(TARGET_MEAN, TARGET_DEVIATION, outputs),
    }),
  };
}

function readInput(
  value: object,
  recipe: Recipe,
  fileName: string,
): Pick<Model, 'classNames' | 'encoding'> {
  const { classNames = null, encoding = null } = value as Partial<Model>;
  const { features, outputs } = resolve(recipe);
  const isText = (one: unknown): boolean => typeof one === 'string';
  const areNames =
    classNames === null ||
    (Array.isArray(classNames) &&
      classNames.length === outputs &&
      classNames.every(isText) &&
      new Set(classNames).size === outputs);
  const fits = encoding === null || isEncoding(encoding, features, outputs);
  if (areNames && fits) return { classNames, encoding };
  throw new BitgradError(
    `${fileName}: expected names of classes and columns that fit the network, received ${show(value)}`,
  );
}
