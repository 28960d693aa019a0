import { RECIPES, type Recipe } from '@bitgrad/core';
import type { DataChoice } from '../../data/store.js';
import { previewNetwork } from '../../state/actions.js';
import { dropQuery } from '../../state/route.js';
import { dataChoice, draft, expectedDigest } from '../../state/store.js';

/** Changes one field of the draft; the page checks it as a whole. */
export function setField(field: keyof Recipe, value: unknown): void {
  change({ ...draft.value, [field]: value } as Recipe);
}

/** Sets the hidden layers from a text such as `128, 64`; nothing means none. */
export function setHidden(text: string): void {
  const widths = text.trim() === '' ? [] : text.split(',').map(Number);
  setField('layers', [784, ...widths, 10]);
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
