import type { LayerItem } from '../layers/spec.js';
import { layersText as format, parseLayers } from '../layers/text.js';
import type { Check } from './checks.js';
import type { TextForm } from './text.js';

/** What a recipe's `layers` may be, `readLayers` says: it names the layer that does not fit. */
export const layersCheck: Check = { isValid: () => true, expected: 'layers' };

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
