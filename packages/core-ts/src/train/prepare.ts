import { type Dataset, type ImageSize, outputsOf } from '../dataset.js';
import { datasetSha256, inputSha256 } from '../file/digest.js';
import type { Receipt } from '../file/receipt.js';
import { compileTraining } from '../network/compile.js';
import type { Program } from '../program/program.js';
import type { Recipe } from '../recipe/recipe.js';
import type { Pieces } from '../turns.js';
import { parseAugmentation } from './augment.js';
import { epochSize } from './epoch-plan.js';
import type { Split } from './split.js';
import { measuring, type Standardization, standardize } from './standardize.js';

/**
 * The program that a recipe's training runs.
 *
 * @param isShared whether ranks do each step together
 */
export function compileRecipe(
  recipe: Recipe,
  dataset: Dataset,
  split: Split,
  isShared = false,
): Program {
  const { kind } = parseAugmentation(recipe.augment);
  return compileTraining(
    recipe,
    {
      sampleCount: dataset.trainCount + dataset.testCount,
      capacity: Math.max(epochSize(recipe, split), split.validation.length, split.test.length),
      preprocess: recipe.preprocess,
      shift: kind === 'shifts' ? gatherSize(dataset.image!) : null,
      affine: kind === 'maps' ? dataset.image : null,
    },
    { ...recipe, weighsClasses: recipe.classWeights !== 'none', isShared },
  );
}

/** An image as a shift sees it: the channels of a pixel are as many columns. */
function gatherSize({ height, width, channels = 1 }: ImageSize) {
  return { height, width: width * channels };
}

/** What a recipe standardises a table with, measured on its training samples; null for nothing. */
export function* measuringTable(
  recipe: Recipe,
  { inputs, features }: Dataset,
  split: Split,
): Pieces<Standardization | null> {
  if (!recipe.standardize || inputs instanceof Uint8Array) return null;
  return yield* measuring(inputs, features, split.train, recipe.standardize === 'numbers');
}

/** What a recipe standardises numbers to be learnt with, likewise. */
export function* measuringTargets(
  recipe: Recipe,
  dataset: Dataset,
  split: Split,
): Pieces<Standardization | null> {
  if (!recipe.standardizeTargets || dataset.values === undefined) return null;
  return yield* measuring(dataset.values, outputsOf(dataset), split.train);
}

/** The same data set as the network is given it, with its targets as they are learnt. */
export function standardized(
  dataset: Dataset,
  standardization: Standardization | null,
  targets: Standardization | null = null,
): Dataset {
  const { inputs, values } = dataset;
  const of = (numbers: Float32Array, by: Standardization): Float32Array => {
    const result = new Float32Array(numbers.length);
    standardize(numbers, by, result);
    return result;
  };
  return {
    ...dataset,
    ...(standardization &&
      !(inputs instanceof Uint8Array) && { inputs: of(inputs, standardization) }),
    ...(targets && values && { values: of(values, targets) }),
  };
}

/** What a receipt says of the data. */
export async function describeDataset(
  recipe: Recipe,
  raw: Dataset,
  prepared: Dataset,
  split: Split,
): Promise<Receipt['dataset']> {
  const { name, features, classes, image } = raw;
  return {
    name,
    sha256: raw.sha256 ?? (await datasetSha256(raw)),
    inputSha256: await inputSha256(prepared, recipe.preprocess),
    features,
    outputs: outputsOf(raw),
    classes,
    image,
    train: split.train.length,
    validation: split.validation.length,
    test: split.test.length,
  };
}

/**
 * The weight of each class: as the recipe lists them, or `balanced`, in binary64, samples ÷
 * (classes · samples of the class) over the training samples (1 for a class without any).
 */
export function classWeights(recipe: Recipe, dataset: Dataset, split: Split): Float32Array {
  const { classes, labels } = dataset;
  if (typeof recipe.classWeights !== 'string') return Float32Array.from(recipe.classWeights);
  const counts = new Array<number>(classes).fill(0);
  for (const sample of split.train) counts[labels[sample]!] = counts[labels[sample]!]! + 1;
  return Float32Array.from(counts, (count) =>
    count === 0 ? 1 : split.train.length / (classes * count),
  );
}
