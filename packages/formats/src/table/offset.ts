import { inSentence } from '@bitgrad/core';
import type { ColumnStore } from './column-store.js';

/** What is subtracted from a column's numbers, and what people should know of it. */
export interface Offset {
  /** 0 for nothing. */
  readonly offset: number;
  readonly note: string | null;
}

export const NO_OFFSET: Offset = { offset: 0, note: null };

/** Losing a few of many different numbers is what rounding is; more is said. */
const MOST_LOST = 0.01;

/** Rows by which it is told how much of an array's numbers is lost. */
const SAMPLE = 1000;

/**
 * Decides what to subtract, in binary64, before a column's numbers are rounded to binary32: the
 * least of them, where they lie so close together far from 0 that different ones would become one.
 */
export function findOffset(column: ColumnStore, name: string): Offset {
  const { least, most } = column;
  if (isNear(least, most) || isBeyondWhole(least, most))
    return offsetOf(numbersOf(column), least, name);
  return { offset: 0, note: lossOf(column.distinct ?? column.sample, name) };
}

/** What people should know of numbers that are rounded as they are; null for nothing. */
export function lossOf(numbers: Iterable<number>, name: string): string | null {
  const different = [...new Set(numbers)];
  return lossNote(name, different.length, new Set(different.map(Math.fround)).size);
}

/**
 * As `lossOf`, of a column's first numbers.
 *
 * @param values `[rows, width]`; NaN is missing
 */
export function lossIn(
  values: ArrayLike<number>,
  column: number,
  width: number,
  name: string,
): string | null {
  const numbers: number[] = [];
  const end = Math.min(values.length, SAMPLE * width);
  for (let at = column; at < end; at += width) {
    if (!Number.isNaN(values[at]!)) numbers.push(values[at]!);
  }
  return lossOf(numbers, name);
}

/** Whether numbers lie closer together than to 0, so that subtracting the least gains digits. */
export function isNear(least: number, most: number): boolean {
  return least < most && 2 * (most - least) <= Math.max(Math.abs(least), Math.abs(most));
}

/** Whether numbers lie closer together than to 0 where whole numbers in binary64 are further apart than 1. */
function isBeyondWhole(least: number, most: number): boolean {
  const farthest = Math.max(Math.abs(least), Math.abs(most));
  return farthest > Number.MAX_SAFE_INTEGER && 2 * (most - least) <= farthest;
}

/**
 * As `findOffset`, of numbers that are near one another.
 *
 * @param numbers not NaN; they are sorted in place
 */
export function offsetOf(numbers: Float64Array, least: number, name: string): Offset {
  numbers.sort();
  const isVague = isBeyondWhole(numbers[0]!, numbers.at(-1)!);
  const all = countDifferent(numbers, (number) => number);
  const plain = countDifferent(numbers, Math.fround);
  const vague = `${inSentence(name)} holds numbers above 2^53, where binary64 does not tell all whole numbers apart`;
  if (plain === all) return { offset: 0, note: isVague ? vague : null };
  const moved = countDifferent(numbers, (number) => Math.fround(number - least));
  if (moved <= plain) return { offset: 0, note: lossNote(name, all, plain) };
  const loss = lossNote(name, all, moved);
  return {
    offset: least,
    note: isVague
      ? vague
      : `${least} is subtracted from ${inSentence(name)}, because binary32 tells ${plain} of its ${all} different numbers apart${loss === null ? '' : `; ${loss}`}`,
  };
}

function numbersOf(column: ColumnStore): Float64Array {
  const different = column.differentValues();
  if (different !== null) return different;
  const numbers = new Float64Array(column.numbers + column.dates);
  let count = 0;
  for (let row = 0; row < column.length; row += 1) {
    const value = column.valueAt(row);
    if (Number.isNaN(value)) continue;
    numbers[count] = value;
    count += 1;
  }
  return numbers.subarray(0, count);
}

/** How many different results sorted numbers give; rounding keeps their order. */
function countDifferent(sorted: Float64Array, round: (number: number) => number): number {
  let count = 0;
  let last = Number.NaN;
  for (const number of sorted) {
    const rounded = round(number);
    if (rounded !== last) count += 1;
    last = rounded;
  }
  return count;
}

function lossNote(name: string, all: number, told: number): string | null {
  if (all - told <= all * MOST_LOST) return null;
  return `${inSentence(name)}: of ${all} different numbers, binary32 tells ${told} apart`;
}
