import { RECIPES, type Recipe } from '@bitgrad/core';
import type { DataChoice } from '../../data/store.js';
import { previewNetwork } from '../../state/actions.js';
import { dropQuery } from '../../state/route.js';
import { SETTINGS } from '../../state/settings.js';
import { dataChoice, draft, expectedDigest } from '../../state/store.js';

/** Changes one field of the draft; the page checks it as a whole. */
export function setField(field: keyof Recipe, value: unknown): void {
  change({ ...draft.value, [field]: value } as Recipe);
}

/**
 * Sets the hidden layers from a text such as `128, 64` or `conv8:5/2, norm, pool`; nothing means none.
 * What is no layer is left to the check of the recipe.
 */
export function setHidden(text: string): void {
  const words = text.split(',').map((word) => word.trim());
  const hidden = text.trim() === '' ? [] : words;
  const isPlain = hidden.every((word) => /^\d*$/.test(word));
  const whole = [isPlain ? '784' : '28x28', ...hidden, '10'].join(',');
  setField('layers', SETTINGS.find(({ field }) => field === 'layers')!.parse(whole));
}

/** Starts over from a named recipe. */
export function chooseRecipe(name: string): void {
  change(RECIPES[name]!);
}

function change(recipe: Recipe): void {
  draft.value = recipe;
  // What a link promised was promised for its own recipe.
  expectedDigest.value = null;
  dropQuery();
  void previewNetwork();
}

/** Chooses how much of the data the next training has. */
export function chooseData(choice: DataChoice): void {
  dataChoice.value = choice;
  expectedDigest.value = null;
  dropQuery();
}
