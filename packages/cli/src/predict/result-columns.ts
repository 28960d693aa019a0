import { labelNames, largestAt, resolve, type SavedModel } from '@bitgrad/core';

/** A column of predictions. */
export interface ResultColumn {
  readonly name: string;
  readonly type: 'number' | 'text';
  /** The value for one row. @param outputs `[outputs]` of the network */
  readonly valueOf: (outputs: Float32Array) => number | string;
}

/**
 * The columns that are predicted: `prediction` (`prediction_COLUMN` of several numbers), and, where
 * asked for, `probability_CLASS` of each class.
 */
export function resultColumns(
  { recipe, classNames, encoding }: SavedModel,
  hasProbabilities: boolean,
): ResultColumn[] {
  const outputs = resolve(recipe).outputs;
  const each = Array.from({ length: outputs }, (_, index) => index);
  if (recipe.loss === 'squared-error') {
    const targets = encoding === null ? [] : labelNames(encoding);
    const named = targets.length === outputs ? targets : each.map((index) => String(index + 1));
    const offsets = each.map((index) => encoding?.targets?.[index]?.offset ?? 0);
    return each.map((index) => ({
      name: outputs === 1 ? 'prediction' : `prediction_${named[index]}`,
      type: 'number',
      valueOf: (values) => values[index]! + offsets[index]!,
    }));
  }
  const label: ResultColumn = {
    name: 'prediction',
    type: classNames ? 'text' : 'number',
    valueOf: (values) => classNames?.[largestAt(values)] ?? largestAt(values),
  };
  const probabilities = each.map(
    (index): ResultColumn => ({
      name: `probability_${classNames?.[index] ?? index}`,
      type: 'number',
      valueOf: (values) => values[index]!,
    }),
  );
  return hasProbabilities ? [label, ...probabilities] : [label];
}
