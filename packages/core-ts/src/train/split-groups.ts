import type { Dataset } from '../dataset.js';
import type { Fractions } from '../recipe/split-field.js';

/** The class of each sample of an order, and how many of them each class has. */
export interface Counts {
  readonly groups: Uint32Array;
  readonly counts: readonly number[];
}

/** A class of fewer samples cannot have one in each part. */
const FEWEST = 3;

/**
 * Groups an order's samples by their classes. Classes that are too small for that are one group, so
 * that many of them leave samples for every part.
 */
export function classGroups({ labels, classes }: Dataset, order: Uint32Array): Counts {
  const sizes = new Array<number>(classes).fill(0);
  for (const sample of order) sizes[labels[sample]!] = sizes[labels[sample]!]! + 1;
  const groups = order.map((sample) => {
    const label = labels[sample]!;
    return sizes[label]! < FEWEST ? classes : label;
  });
  const small = sizes.filter((size) => size < FEWEST).reduce((sum, size) => sum + size, 0);
  const counts = [...sizes.map((size) => (size < FEWEST ? 0 : size)), small];
  return { groups, counts };
}

/**
 * Cuts each group by the fractions. Sizes are differences of totals rounded to the nearest sample,
 * so that many small groups come out right together; a group keeps its last sample for training.
 */
export function cutGroups(order: Uint32Array, { groups, counts }: Counts, fractions: Fractions) {
  const [, validationShare, testShare] = fractions;
  let before = 0;
  const sizes = counts.map((count) => {
    const after = before + count;
    const share = (part: number): number => Math.round(part * after) - Math.round(part * before);
    const test = Math.min(share(testShare), Math.max(count - 1, 0));
    const validation = Math.min(share(validationShare), Math.max(count - 1 - test, 0));
    before = after;
    return { test, validation };
  });
  const sum = (part: 'test' | 'validation'): number =>
    sizes.reduce((all, size) => all + size[part], 0);
  const [tests, validations] = [sum('test'), sum('validation')];
  const test = new Uint32Array(tests);
  const validation = new Uint32Array(validations);
  const train = new Uint32Array(order.length - tests - validations);
  let [trainAt, validationAt, testAt] = [0, 0, 0];
  const used = new Uint32Array(counts.length);
  for (let position = 0; position < order.length; position += 1) {
    const group = groups[position]!;
    const size = sizes[group]!;
    const place = used[group]!;
    used[group] = place + 1;
    if (place < size.test) test[testAt++] = order[position]!;
    else if (place < size.test + size.validation) validation[validationAt++] = order[position]!;
    else train[trainAt++] = order[position]!;
  }
  return { train, validation, test };
}

/** Deals an order's samples out to folds in turn, group by group, and takes one fold for the test. */
export function foldGroups(
  order: Uint32Array,
  grouped: Counts | null,
  { fold, folds }: { readonly fold: number; readonly folds: number },
): { rest: Uint32Array; test: Uint32Array } {
  let start = 0;
  const next = (grouped?.counts ?? [0]).map((count) => {
    const first = start;
    start += count;
    return first;
  });
  const isTest = order.map((_, position) => {
    const group = grouped?.groups[position] ?? 0;
    const place = next[group]!;
    next[group] = place + 1;
    return Number(place % folds === fold - 1);
  });
  return {
    rest: order.filter((_, position) => isTest[position] === 0),
    test: order.filter((_, position) => isTest[position] === 1),
  };
}
