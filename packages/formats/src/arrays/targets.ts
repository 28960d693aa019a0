import { BitgradError, type TargetEncoding } from '@bitgrad/core';
import {
  type Classes,
  checkClassCount,
  classIndex,
  makeClasses,
  modelClasses,
} from '../classes.js';
import type { LoadOptions } from '../options.js';
import { maximumCategories } from '../table/column-cells.js';
import { areQuantities } from '../table/label-classes.js';
import { isNear, lossOf, offsetOf } from '../table/offset.js';
import { type ArraySource, type NumberArray, readArray } from './read-array.js';

/** What is to be learnt: class indices or numbers. */
export interface Targets {
  readonly labels: Uint32Array;
  readonly classes: Classes | null;
  readonly values: Float32Array | undefined;
  /** What was subtracted from the numbers, where something was. */
  readonly offsets: readonly TargetEncoding[] | undefined;
  /** What people should know of it. */
  readonly notes: readonly string[];
}

/**
 * Reads arrays of targets one after the other: integers `[samples]` (or `[samples, 1]`) as classes,
 * or numbers `[samples]` or `[samples, outputs]` for regression.
 *
 * @param counts the samples of each part
 * @param mayMove whether the model can keep what is subtracted from numbers, as those of tables do
 * @throws BitgradError if they are not as many as the samples, or cannot be learnt
 */
export async function readTargets(
  sources: readonly ArraySource[],
  counts: readonly number[],
  options: LoadOptions,
  mayMove = true,
): Promise<Targets> {
  const { task, like } = options;
  const arrays: NumberArray<Float64Array>[] = [];
  for (const [index, source] of sources.entries()) {
    const array = await readArray(source, (_, length) => new Float64Array(length));
    if (array.shape[0] !== counts[index]) {
      throw new BitgradError(
        `${source.place}: expected ${counts[index]} labels, one a sample, received ${array.shape[0]}`,
      );
    }
    arrays.push(array);
  }
  const areLabels = task === 'auto' ? !like && areFlags(arrays) : task === 'multi-label';
  if (areLabels) return flags(sources, arrays, options);
  const isRegression = task === 'auto' ? !like && areNumbers(arrays) : task === 'regression';
  if (isRegression) return numbers(sources, arrays, options, mayMove);
  for (const [index, array] of arrays.entries()) checkClasses(array, sources[index]!.place);
  const classes = like ? modelClasses(like) : makeClasses(textsOf(arrays[0]!.values));
  const { place } = sources[0]!;
  checkClassCount(classes, place);
  if (classes.count > maximumCategories) {
    throw new BitgradError(
      `${place}: expected at most ${maximumCategories} classes, received ${classes.count}`,
    );
  }
  const labels = arrays.flatMap(({ values }, index) =>
    Array.from(values, (value, sample) =>
      classIndex(classes, String(value), `${sources[index]!.place}: sample ${sample}`),
    ),
  );
  return {
    labels: Uint32Array.from(labels),
    classes,
    values: undefined,
    offsets: undefined,
    notes: [],
  };
}

/** Whether arrays hold numbers to be learnt as such: several a sample (but 0 and 1), or no classes. */
function areNumbers(arrays: readonly NumberArray<Float64Array>[]): boolean {
  const different = new Set(arrays.flatMap(({ values }) => Array.from(values)));
  const areSeveral = arrays.some(({ shape }) => shape.length === 2 && shape[1]! > 1);
  if (areSeveral) return [...different].some((value) => value !== 0 && value !== 1);
  const rows = arrays.reduce((sum, { values }) => sum + values.length, 0);
  return areQuantities(different, rows);
}

/** Whether each sample has several zeros and ones which are not one class each, as one-hot labels are. */
function areFlags(arrays: readonly NumberArray<Float64Array>[]): boolean {
  let isOneHot = true;
  for (const { shape, values } of arrays) {
    const width = shape[1] ?? 1;
    if (shape.length !== 2 || width < 2) return false;
    if (values.some((value) => value !== 0 && value !== 1)) return false;
    for (let start = 0; start < values.length; start += width) {
      const ones = values.subarray(start, start + width).reduce((sum, value) => sum + value, 0);
      isOneHot &&= ones === 1;
    }
  }
  return !isOneHot;
}

/** Zeros and ones, a yes or no of each label. */
function flags(
  sources: readonly ArraySource[],
  arrays: readonly NumberArray<Float64Array>[],
  options: LoadOptions,
): Targets {
  const read = numbers(sources, arrays, { ...options, rules: 1 }, false);
  const at = read.values!.findIndex((value) => value !== 0 && value !== 1);
  if (at >= 0) {
    throw new BitgradError(
      `${sources[0]!.place}: expected nothing but 0 and 1 for binary-cross-entropy, received ${read.values![at]}`,
      'To learn the numbers themselves, choose regression (loss squared-error).',
    );
  }
  const outputs = arrays[0]!.shape[1] ?? 1;
  const offsets = Array.from({ length: outputs }, (_, output): TargetEncoding => {
    const name = outputs === 1 ? 'y' : `y${output + 1}`;
    return { name, categories: ['0', '1'] };
  });
  return { ...read, offsets };
}

function numbers(
  sources: readonly ArraySource[],
  arrays: readonly NumberArray<Float64Array>[],
  { rules, encoding, like }: LoadOptions,
  mayMove: boolean,
): Targets {
  const values: number[] = [];
  for (const [index, array] of arrays.entries()) {
    const { place } = sources[index]!;
    const shape = array.shape.slice(1).join(', ');
    const expected = arrays[0]!.shape.slice(1).join(', ');
    if (array.shape.length > 2 || shape !== expected) {
      throw new BitgradError(
        `${place}: expected numbers [samples] or [samples, outputs] as in the training part, received the shape (${array.shape.join(', ')})`,
      );
    }
    for (const value of array.values) {
      if (!Number.isFinite(Math.fround(value))) {
        throw new BitgradError(
          `${place}: expected numbers that binary32 can hold, received ${value}`,
        );
      }
      values.push(value);
    }
  }
  const known = (encoding ?? like?.encoding)?.targets;
  const outputs = arrays[0]!.shape[1] ?? 1;
  const notes: string[] = [];
  const offsets =
    rules === 1 ? undefined : (known ?? targetOffsets(values, outputs, mayMove, notes));
  const moved = values.map((value, at) => value - (offsets?.[at % outputs]?.offset ?? 0));
  return {
    labels: new Uint32Array(0),
    classes: null,
    values: Float32Array.from(moved),
    offsets,
    notes,
  };
}

/** What to subtract from the numbers of each output, or undefined for nothing. */
function targetOffsets(
  values: readonly number[],
  outputs: number,
  mayMove: boolean,
  notes: string[],
): TargetEncoding[] | undefined {
  const targets = Array.from({ length: outputs }, (_, output): TargetEncoding => {
    const own = Float64Array.from(values.filter((_value, at) => at % outputs === output));
    const [least, most] = [own.reduce(smaller), own.reduce(larger)];
    const name = outputs === 1 ? 'y' : `y${output + 1}`;
    const { offset, note } =
      mayMove && isNear(least, most)
        ? offsetOf(own, least, name)
        : { offset: 0, note: lossOf(own, name) };
    if (note !== null) notes.push(note);
    return { name, ...(offset === 0 ? {} : { offset }) };
  });
  return targets.some(({ offset }) => offset !== undefined) ? targets : undefined;
}

const smaller = (a: number, b: number): number => (a < b ? a : b);
const larger = (a: number, b: number): number => (a > b ? a : b);

function checkClasses({ shape, values }: NumberArray<Float64Array>, place: string): void {
  if (values.length !== shape[0]) {
    throw new BitgradError(
      `${place}: expected one label a sample, received the shape (${shape.join(', ')})`,
      'Of one-hot labels, save labels.argmax(axis=1).',
    );
  }
  const at = values.findIndex((value) => !Number.isSafeInteger(value));
  if (at < 0) return;
  throw new BitgradError(
    `${place}: expected whole numbers as labels, received ${values[at]} (sample ${at}, counted from 0)`,
    'To learn the numbers themselves, choose regression (loss squared-error).',
  );
}

/** The different labels as text. */
function textsOf(values: Float64Array): Set<string> {
  return new Set(Array.from(values, (value) => String(value)));
}
