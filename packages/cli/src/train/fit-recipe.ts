import {
  areNearlyEqual,
  completeClassWeights,
  completeLayers,
  type Dataset,
  layersText,
  outputsOf,
  partsOf,
  type Recipe,
  recipeFor,
  usualRecipe,
  type WeightsByName,
} from '@bitgrad/core';
import { columnNotes } from '../data/columns.js';
import { plural } from '../format.js';

/** Fields of a recipe that were asked for; the weights of classes may be by their names. */
export type Changes = Omit<Partial<Recipe>, 'classWeights'> & {
  readonly classWeights?: Recipe['classWeights'] | WeightsByName | undefined;
};

/** A recipe that fits a data set, what had to change for that, and what to know of the data. */
export interface Fitted {
  readonly recipe: Recipe;
  /** For people, one a change. */
  readonly notes: readonly string[];
}

/**
 * Fits what a recipe says by default to the data and the optimizer. What somebody asked for stays as
 * it is.
 *
 * @param named the recipe that was named, if one was
 * @param changes the fields that somebody asked for
 */
export function fitRecipe(named: Recipe | undefined, changes: Changes, dataset: Dataset): Fitted {
  const base = named ?? usualRecipe(dataset);
  const { layers, classWeights, ...others } = changes;
  const whole: Partial<Recipe> = {
    ...others,
    ...(layers ? { layers: completeLayers(layers, dataset) } : {}),
    ...(classWeights ? { classWeights: completeClassWeights(classWeights, dataset) } : {}),
  };
  const recipe = recipeFor(dataset, whole, base);
  const asked = { ...base, ...changes };
  const notes = Object.entries(reasonsFor(recipe, dataset))
    .filter(([field]) => isChanged(recipe[field as keyof Recipe], asked[field as keyof Recipe]))
    .map(([, reason]) => reason);
  return {
    recipe,
    notes: [
      ...(named || dataset.inputs instanceof Uint8Array
        ? []
        : [`recipe ${recipe.name}, the usual one for such data`]),
      ...(changes.split === undefined ? partNotes(recipe, dataset, named) : []),
      ...notes,
      ...inputNotes(recipe, dataset),
      ...columnNotes(dataset),
    ],
  };
}

/** Images that preprocessing leaves nothing of. */
function inputNotes({ preprocess }: Recipe, { name, inputs }: Dataset): string[] {
  if (!(inputs instanceof Uint8Array) || preprocess === 'none') return [];
  if (!areNearlyEqual(inputs, preprocess)) return [];
  const fix = preprocess === 'binarize' ? '; --preprocess scale keeps their shades' : '';
  return [`after preprocess ${preprocess} the pixels of ${name} are nearly all equal${fix}`];
}

/** How the samples were cut where nobody said it. */
function partNotes(recipe: Recipe, { name }: Dataset, named?: Recipe): string[] {
  const { split, stratify, validation, fold } = recipe;
  const share = stratify ? ', each with its share of every class' : '';
  if (split !== null && fold !== null) {
    const [train, kept] = partsOf(split).fractions;
    return [
      `the test part is one fold of all samples; the rest is cut into training and validation samples, ${train} to ${kept}, at random${share}`,
    ];
  }
  if (split !== null && split !== named?.split) {
    return [
      `split ${split} into training, validation and test at random${share}, because ${name} brings no test samples`,
    ];
  }
  if (validation === 0) return [];
  return [`validation ${validation}: this share of the training samples is kept apart${share}`];
}

const isChanged = (value: unknown, asked: unknown): boolean =>
  JSON.stringify(value) !== JSON.stringify(asked);

/** For each field that may change, what it became and why. */
function reasonsFor(recipe: Recipe, dataset: Dataset): Partial<Record<keyof Recipe, string>> {
  const { name, features, values, classes } = dataset;
  const { layers, optimizer, learningRate, weightDecay, l2 } = recipe;
  const what = values ? plural(outputsOf(dataset), 'output') : `${classes} classes`;
  return {
    layers: `layers ${layersText(layers)}, because ${name} has ${plural(features, 'feature')} and ${what}`,
    preprocess:
      recipe.preprocess === 'scale'
        ? `preprocess scale, because the images of ${name} are not ink on blank ground`
        : `preprocess none, because ${name} holds numbers, not pixels`,
    standardize: 'standardize, as is usual for a table (--no-standardize: not)',
    standardizeTargets:
      'standardize-targets, as is usual for numbers (--no-standardize-targets: not)',
    augment: `augment none, because ${name} has no images`,
    learningRate: `lr ${learningRate}, as is usual for ${optimizer}`,
    weightDecay: `weight-decay ${weightDecay}, as is usual for ${optimizer}`,
    warmup: `warmup ${recipe.warmup}, a tenth of so few steps`,
    l2: `l2 ${l2}, because ${optimizer} has weight-decay instead`,
    patience: 'patience none, because no validation samples are kept apart',
  };
}
