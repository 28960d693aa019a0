import { BitgradError, encodedWidth, show, type TableEncoding } from '@bitgrad/core';
import { type Classes, listNames, modelClasses } from '../classes.js';
import type { LoadOptions } from '../options.js';
import { categoriesOf, checkComplete, checkFinite, placeOfFound, showCell } from './checks.js';
import { labelClasses } from './label-classes.js';
import { findLabel } from './label-column.js';
import type { Survey } from './survey.js';

/** How a column becomes features. */
export interface FeaturePlan {
  /** The column's index in the file. */
  readonly column: number;
  readonly name: string;
  /** Its first feature. */
  readonly offset: number;
  /** The feature of each category, counted from `offset`, or null for a number. */
  readonly categories: ReadonlyMap<string, number> | null;
}

/** How rows become samples. */
export interface TablePlan {
  readonly encoding: TableEncoding;
  /** Features of a sample. */
  readonly width: number;
  readonly features: readonly FeaturePlan[];
  /** The label column's index in the file. */
  readonly label: number;
  /** Whether labels are numbers, so that `1` and `1.0` are one class. */
  readonly hasNumericLabels: boolean;
  /** Null where the label is a number to be learnt. */
  readonly classes: Classes | null;
}

/**
 * Decides how a surveyed table becomes features and labels.
 *
 * @throws BitgradError if cells are missing, are not numbers where they should be, or the label is
 *   nothing that can be learnt
 */
export function planTable(survey: Survey, options: LoadOptions, fileName: string): TablePlan {
  const { names, columns } = survey;
  const like = options.like?.encoding ? options.like : undefined;
  const label = findLabel(names, options.label ?? like?.encoding?.label, fileName);
  const encoding = like?.encoding
    ? { ...like.encoding, label: names[label]! }
    : freshEncoding(survey, label);
  const features = placeFeatures(encoding, names, fileName);
  checkComplete(survey, [...features.map(({ column }) => column), label]);
  for (const { column, name, categories } of features) {
    if (categories === null) checkNumeric(survey, column, name);
  }
  const labelColumn = columns[label]!;
  if (options.task === 'regression') checkNumeric(survey, label, names[label]!);
  return {
    encoding,
    width: encodedWidth(encoding),
    features,
    label,
    hasNumericLabels: labelColumn.isNumeric,
    classes: planClasses(survey, label, options, fileName),
  };
}

function planClasses(
  { names, columns }: Survey,
  label: number,
  { task, like }: LoadOptions,
  fileName: string,
): Classes | null {
  if (task === 'regression') return null;
  return like ? modelClasses(like) : labelClasses(columns[label]!, names[label]!, fileName);
}

function freshEncoding({ names, columns }: Survey, label: number): TableEncoding {
  const encoded = names.map((name, index) => {
    const column = columns[index]!;
    return {
      name,
      categories: column.isNumeric || index === label ? null : categoriesOf(column, name),
    };
  });
  return { columns: encoded.filter((_, index) => index !== label), label: names[label]! };
}

/** Finds the encoding's columns in the file, by their names. */
function placeFeatures(
  { columns }: TableEncoding,
  names: readonly string[],
  fileName: string,
): FeaturePlan[] {
  let offset = 0;
  return columns.map(({ name, categories }) => {
    const column = names.indexOf(name);
    if (column < 0) {
      throw new BitgradError(
        `${fileName}: expected a column ${show(name)}, which the model was trained on, received ${listNames(names)}`,
      );
    }
    const plan = {
      column,
      name,
      offset,
      categories: categories && new Map(categories.map((category, index) => [category, index])),
    };
    offset += categories?.length ?? 1;
    return plan;
  });
}

function checkNumeric({ columns }: Survey, index: number, name: string): void {
  const column = columns[index]!;
  if (column.firstText !== null) {
    throw new BitgradError(
      `${placeOfFound(column.firstText, name)}: expected a number, received ${showCell(column.firstText)}`,
    );
  }
  checkFinite(column, name);
}
