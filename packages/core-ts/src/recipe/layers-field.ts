import { EXPECTED_LAYERS } from '../layers/fields.js';
import type { LayerItem } from '../layers/spec.js';
import { layersText as format, parseLayers } from '../layers/text.js';
import type { Check } from './checks.js';
import type { TextForm } from './text.js';

/** What a recipe's `layers` may be; what each of them must be, `checkRecipe` says by its place. */
export const layersCheck: Check = { isValid: Array.isArray, expected: EXPECTED_LAYERS };

/** Layers as text, as in `784,32,10`. */
export const layersText: TextForm = {
  parse: (text) => {
    try {
      return parseLayers(text);
    } catch {
      return text;
    }
  },
  format: (layers) => format(layers as readonly LayerItem[]),
};
