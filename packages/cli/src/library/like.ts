import { type SavedModel, taskOf } from '@bitgrad/core';
import type { LoadOptions } from '@bitgrad/formats/table';

/**
 * How data are loaded that are to follow a model: its classes and columns, by the rules by which it
 * read them, and its images' size.
 */
export function loadOptionsLike({
  recipe,
  receipt,
  encoding,
  classNames,
}: SavedModel): LoadOptions {
  const isOld = encoding === null ? receipt.format === undefined : encoding.rules === undefined;
  return {
    ...(isOld
      ? { ...(encoding ? { label: encoding.label } : {}), rules: 1 }
      : { encoding: encoding ?? undefined }),
    modelImageSize: receipt.dataset.image ?? undefined,
    ...(recipe.loss === 'cross-entropy' ? {} : { task: taskOf(recipe) }),
    like: { classes: receipt.dataset.classes, classNames, encoding },
  };
}

/**
 * How the very data of a model's training are loaded again: by the columns and rules by which it read
 * them, which for a model of version 0.1.0 are that version's.
 */
export function loadOptionsAgain({
  recipe,
  receipt,
  encoding,
}: Pick<SavedModel, 'recipe' | 'receipt' | 'encoding'>): LoadOptions {
  const isOld = encoding === null ? receipt.format === undefined : encoding.rules === undefined;
  return {
    ...(isOld ? { label: encoding?.label, rules: 1 } : { encoding: encoding ?? undefined }),
    modelImageSize: receipt.dataset.image ?? undefined,
    ...(recipe.loss === 'cross-entropy' ? {} : { task: taskOf(recipe) }),
  };
}
