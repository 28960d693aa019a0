import { type Check, isCount } from './checks.js';
import { listOf, parseInteger, type TextForm } from './text.js';

const LARGEST_WIDTH = 1 << 20;

/** What a recipe's `layers` may be. */
export const layersCheck: Check = {
  isValid: (value) =>
    Array.isArray(value) &&
    value.length >= 2 &&
    value.every((width) => isCount(width, 1, LARGEST_WIDTH)),
  expected: `at least two widths from 1 to ${LARGEST_WIDTH}, as in 784,32,10`,
};

/** Layers as text, as in `784,32,10`. */
export const layersText: TextForm = listOf(parseInteger);
