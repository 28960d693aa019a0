import type { Check } from './checks.js';
import { listOf, nullable, parseDecimal, type TextForm } from './text.js';

/** Fractions of train, validation and test. */
export type Fractions = readonly [train: number, validation: number, test: number];

/**
 * How all samples are cut into parts: fractions, or `time:` with fractions (as in
 * `time:0.7,0.15,0.15`), which keeps the samples' order: the first are trained on, the last tested.
 */
export type SplitField = Fractions | `time:${string}`;

const TIME = 'time:';

/** The fractions of a split, and whether the samples keep their order. */
export function partsOf(split: SplitField): { fractions: Fractions; keepsOrder: boolean } {
  if (typeof split !== 'string') return { fractions: split, keepsOrder: false };
  const fractions = fractionsText.parse(split.slice(TIME.length)) as unknown as Fractions;
  return { fractions, keepsOrder: true };
}

const fractionsText = listOf(parseDecimal);
/** What `time` alone means. */
const USUAL_TIME = `${TIME}0.7,0.15,0.15`;

export const splitText: TextForm = nullable('none', {
  parse: (text) => {
    if (text === 'time') return USUAL_TIME;
    return text.startsWith(TIME) ? text : fractionsText.parse(text);
  },
});

export const splitCheck: Check = {
  isValid: (value) =>
    value === null || areFractions(typeof value === 'string' ? orderedFractions(value) : value),
  expected:
    'three fractions that add up to 1, as in 0.7,0.15,0.15, the first above 0, the same after time:, or time alone',
};

function orderedFractions(text: string): unknown {
  return text.startsWith(TIME) ? fractionsText.parse(text.slice(TIME.length)) : null;
}

function areFractions(value: unknown): boolean {
  if (!Array.isArray(value) || value.length !== 3) return false;
  if (!value.every((part) => typeof part === 'number' && part >= 0 && part <= 1)) return false;
  const [train, validation, test] = value as unknown as Fractions;
  return train > 0 && Math.abs(train + validation + test - 1) < 1e-9;
}

/** Which of how many folds is tested, as in `2/5`. */
export function parseFold(text: string): { fold: number; folds: number } | null {
  const [, fold, folds] = (/^(\d{1,4})\/(\d{1,4})$/.exec(text) ?? []).map(Number);
  const isFold = fold !== undefined && folds !== undefined && fold >= 1 && fold <= folds;
  return isFold && folds >= 2 ? { fold, folds } : null;
}
