import { BitgradError, show } from '@bitgrad/core';
import { closest } from './closest.js';
import type { Like } from './options.js';

/** What the labels of a data set mean. */
export interface Classes {
  readonly count: number;
  /** One a class, or undefined where each class is called by its index. */
  readonly names: readonly string[] | undefined;
  readonly indices: ReadonlyMap<string, number>;
}

const INTEGER = /^(?:0|-?[1-9]\d*)$/;

/**
 * Numbers the classes: integers by size, any other names by UTF-16 code units, so that the order of
 * the samples does not matter.
 */
export function makeClasses(labels: Iterable<string>): Classes {
  const names = [...new Set(labels)];
  if (names.every((name) => INTEGER.test(name))) names.sort((a, b) => Number(a) - Number(b));
  else names.sort();
  return fromNames(names);
}

/** The classes of a model. */
export function modelClasses({ classes, classNames }: Like): Classes {
  return fromNames(classNames ?? Array.from({ length: classes }, (_, index) => String(index)));
}

function fromNames(names: readonly string[]): Classes {
  const areIndices = names.every((name, index) => name === String(index));
  return {
    count: names.length,
    names: areIndices ? undefined : names,
    indices: new Map(names.map((name, index) => [name, index])),
  };
}

/** @throws BitgradError unless there are two classes, the least that can be told apart */
export function checkClassCount({ count, indices }: Classes, place: string): void {
  if (count >= 2) return;
  const [only] = indices.keys();
  throw new BitgradError(
    `${place}: expected at least two classes, received ${only === undefined ? 'none' : `only ${show(only)}`}`,
  );
}

/**
 * The index of a class.
 *
 * @param place where the label stands, for the error
 * @throws BitgradError if there is no class of that name
 */
export function classIndex(classes: Classes, label: string, place: string): number {
  const index = classes.indices.get(label);
  if (index !== undefined) return index;
  const names = [...classes.indices.keys()];
  const near = closest(label, names);
  throw new BitgradError(
    `${place}: expected one of ${classes.count} classes (${listNames(names)}), received ${show(label)}`,
    near === undefined ? undefined : `Did you mean ${show(near)}?`,
  );
}

/** A few names for a message. */
export function listNames(names: readonly string[]): string {
  const shown = names.slice(0, 6).map(show).join(', ');
  return names.length > 6 ? `${shown}, …` : shown;
}
