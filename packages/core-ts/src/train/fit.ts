import { checkDataset, type Dataset } from '../dataset.js';
import { type Recipe, RecipeError } from '../recipe.js';
import { parseAugmentation } from './augment.js';

/**
 * Checks that a recipe and a data set belong together.
 *
 * @throws BitgradError if the data set is not whole, RecipeError if the recipe asks for other data
 */
export function checkFit(recipe: Recipe, dataset: Dataset): void {
  checkDataset(dataset);
  const { name, features, classes, inputs, image } = dataset;
  const { layers, preprocess, augment } = recipe;
  if (layers[0] !== features) {
    throw new RecipeError(
      'layers',
      `expected a first width of ${features}, the features of ${name}, received ${layers}`,
    );
  }
  if (layers.at(-1) !== classes) {
    throw new RecipeError(
      'layers',
      `expected a last width of ${classes}, the classes of ${name}, received ${layers}`,
    );
  }
  const isBytes = inputs instanceof Uint8Array;
  if (isBytes === (preprocess === 'none')) {
    throw new RecipeError(
      'preprocess',
      `expected ${isBytes ? 'binarize or scale for bytes' : 'none for a table'}, received ${preprocess}`,
    );
  }
  const { shift } = parseAugmentation(augment);
  if (shift > 0 && (image === null || !isBytes)) {
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
