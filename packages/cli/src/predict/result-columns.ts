import { labelNames, labelOf, largestAt, resolve, type SavedModel, taskOf } from '@bitgrad/core';

/** A column of predictions. */
export interface ResultColumn {
  readonly name: string;
  readonly type: 'number' | 'text';
  /** The value for one row. @param outputs `[outputs]` of the network */
  readonly valueOf: (outputs: Float32Array) => number | string;
}

/**
 * The columns that are predicted: `prediction` (`prediction_COLUMN` of several targets), and, where
 * asked for, `probability_CLASS` of each class, or `probability_COLUMN` of each label's yes.
 */
export function resultColumns(
  { recipe, classNames, encoding }: SavedModel,
  hasProbabilities: boolean,
): ResultColumn[] {
  const outputs = resolve(recipe).outputs;
  const each = Array.from({ length: outputs }, (_, index) => index);
  const targets = encoding === null ? [] : labelNames(encoding);
  const named = targets.length === outputs ? targets : each.map((index) => String(index + 1));
  const task = taskOf(recipe);
  if (task === 'multi-label') return labelColumns(named, encoding, hasProbabilities);
  if (task === 'regression') {
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

/** Of each label its answer and, asked for, the probability of yes. */
function labelColumns(
  names: readonly string[],
  encoding: SavedModel['encoding'],
  hasProbabilities: boolean,
): ResultColumn[] {
  const answers = names.map(
    (name, index): ResultColumn => ({
      name: names.length === 1 ? 'prediction' : `prediction_${name}`,
      type: encoding?.targets?.[index]?.categories ? 'text' : 'number',
      valueOf: (values) => labelOf(encoding, index, values[index]!),
    }),
  );
  const probabilities = names.map(
    (name, index): ResultColumn => ({
      name: `probability_${name}`,
      type: 'number',
      valueOf: (values) => values[index]!,
    }),
  );
  return hasProbabilities ? [...answers, ...probabilities] : answers;
}
