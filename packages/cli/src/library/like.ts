import type { SavedModel } from '@bitgrad/core';
import type { LoadOptions } from '@bitgrad/formats/table';

/** How data are loaded that are to follow a model: its classes, columns, and images' size. */
export function loadOptionsLike({
  recipe,
  receipt,
  encoding,
  classNames,
}: SavedModel): LoadOptions {
  return {
    ...(encoding && encoding.rules === undefined ? { label: encoding.label } : {}),
    modelImageSize: receipt.dataset.image ?? undefined,
    ...(recipe.loss === 'squared-error' ? { task: 'regression' } : {}),
    like: { classes: receipt.dataset.classes, classNames, encoding },
  };
}
