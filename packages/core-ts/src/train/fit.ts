import { checkDataset, type Dataset, type ImageSize, outputsOf } from '../dataset.js';
import { inputShapeOf } from '../layers/items.js';
import { shapeText } from '../layers/shape.js';
import { layersText } from '../layers/text.js';
import { resolve } from '../network/graph.js';
import { taskOf } from '../network/network.js';
import { type Recipe, RecipeError } from '../recipe/recipe.js';
import { parseAugmentation } from './augment.js';

/**
 * Checks that a recipe and a data set belong together.
 *
 * @throws BitgradError if the data set is not whole, RecipeError if the recipe asks for other data
 */
export function checkFit(recipe: Recipe, dataset: Dataset): void {
  checkDataset(dataset);
  checkInputs(recipe, dataset);
  checkLoss(recipe, dataset);
  const { layers, stratify } = recipe;
  const outputs = outputsOf(dataset);
  if (stratify && dataset.values) {
    throw new RecipeError('stratify', `expected false, because ${dataset.name} has no classes`);
  }
  if (resolve(recipe).outputs !== outputs) {
    const what = dataset.values ? 'numbers' : 'classes';
    throw new RecipeError(
      'layers',
      `expected a last width of ${outputs}, the ${what} of ${dataset.name}, received ${layersText(layers)}`,
    );
  }
}

/** Layers that take images need data of images, of their size. */
function checkImages(
  layers: Recipe['layers'],
  name: string,
  image: ImageSize | null,
  isBytes: boolean,
): void {
  const shape = inputShapeOf(layers);
  if (shape.length !== 3 || (image === null && isBytes)) return;
  const expected = image && [image.height, image.width, image.channels ?? 1];
  if (String(expected) === String(shape)) return;
  throw new RecipeError(
    'layers',
    expected
      ? `expected images of ${shapeText(expected)}, those of ${name}, received ${layersText(layers)}`
      : `expected a number of features as input, because ${name} is a table, received ${layersText(layers)}`,
  );
}

function checkInputs(recipe: Recipe, { name, features, inputs, image }: Dataset): void {
  const { layers, preprocess, augment, standardize } = recipe;
  if (resolve(recipe).features !== features) {
    throw new RecipeError(
      'layers',
      `expected a first width of ${features}, the features of ${name}, received ${layersText(layers)}`,
    );
  }
  const isBytes = inputs instanceof Uint8Array;
  checkImages(layers, name, image, isBytes);
  if (isBytes === (preprocess === 'none')) {
    throw new RecipeError(
      'preprocess',
      `expected ${isBytes ? 'binarize or scale for bytes' : 'none for a table'}, received ${preprocess}`,
    );
  }
  if (isBytes && standardize) {
    throw new RecipeError('standardize', `expected false, because ${name} holds bytes`);
  }
  const { kind, shift } = parseAugmentation(augment);
  if (kind !== 'none' && (image === null || !isBytes)) {
    throw new RecipeError(
      'augment',
      `expected none, because ${name} has no images, received ${augment}`,
    );
  }
  if (image !== null && shift >= Math.min(image.height, image.width)) {
    throw new RecipeError(
      'augment',
      `expected shifts smaller than the images (${image.height}×${image.width}), received ${augment}`,
    );
  }
}

/** @throws RecipeError unless all are 0 or 1 */
function checkFlags(values: Float32Array, name: string): void {
  const at = values.findIndex((value) => value !== 0 && value !== 1);
  if (at < 0) return;
  throw new RecipeError(
    'loss',
    `expected nothing but 0 and 1 for binary-cross-entropy (${name}), received ${values[at]}`,
  );
}

function checkLoss(recipe: Recipe, { name, classes, values }: Dataset): void {
  const { loss, classWeights, standardizeTargets } = recipe;
  const task = taskOf(recipe);
  if ((task === 'classification') !== (values === undefined)) {
    const fitting = values ? 'squared-error for numbers' : 'cross-entropy for classes';
    throw new RecipeError('loss', `expected ${fitting} (${name}), received ${loss}`);
  }
  if (task === 'multi-label') checkFlags(values!, name);
  if (task !== 'regression' && standardizeTargets) {
    const what = values === undefined ? 'classes' : 'labels of yes and no';
    throw new RecipeError('standardizeTargets', `expected false, because ${name} has ${what}`);
  }
  if (values !== undefined && classWeights !== 'none') {
    throw new RecipeError('classWeights', `expected none, because ${name} has no classes`);
  }
  if (typeof classWeights !== 'string' && classWeights.length !== classes) {
    throw new RecipeError(
      'classWeights',
      `expected ${classes} weights, one a class of ${name}, received ${classWeights.length}`,
    );
  }
}
