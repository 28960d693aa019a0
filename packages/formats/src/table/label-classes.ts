import { BitgradError, show } from '@bitgrad/core';
import { type Classes, checkClassCount, makeClasses } from '../classes.js';
import { canonicalNumber, numberIn } from './cell.js';
import { checkFinite, placeOfFound } from './checks.js';
import { type ColumnStatistics, maximumCategories } from './column.js';

/** The most classes that a label of integers may mean; more look like numbers to be learnt. */
const maximumNumericClasses = 100;

/**
 * The classes of a label column: any texts, or a few integers.
 *
 * @throws BitgradError if there are too many or only one, or they look like numbers to be learnt
 */
export function labelClasses(column: ColumnStatistics, name: string, fileName: string): Classes {
  if (column.isNumeric) return integerClasses(column, name, fileName);
  const { distinct, firstText } = column;
  const place = placeOfFound(firstText!, name);
  if (distinct === null) {
    throw new BitgradError(
      `${place}: expected at most ${maximumCategories} classes, received more`,
      'Choose another column as the label.',
    );
  }
  const classes = makeClasses(distinct);
  checkClassCount(classes, `${fileName}: column ${show(name)}`);
  return classes;
}

function integerClasses(column: ColumnStatistics, name: string, fileName: string): Classes {
  checkFinite(column, name);
  const place = `${fileName}: column ${show(name)}`;
  const fix =
    'Choose another column as the label, or learn the numbers themselves (regression: loss squared-error).';
  const { distinct } = column;
  const labels = distinct && new Set([...distinct].map(canonicalNumber));
  if (labels === null || labels.size > maximumNumericClasses) {
    throw new BitgradError(
      `${place}: expected at most ${maximumNumericClasses} classes, received more different numbers`,
      fix,
    );
  }
  const fraction = [...labels].find((label) => !Number.isSafeInteger(numberIn(label)));
  if (fraction !== undefined) {
    throw new BitgradError(`${place}: expected classes, received the number ${fraction}`, fix);
  }
  const classes = makeClasses(labels);
  checkClassCount(classes, place);
  return classes;
}
