import { type Decimal, inSentence } from '@bitgrad/core';
import type { ColumnStore } from './column-store.js';

/** What a table's cells say of how its numbers are written. */
export interface NumberFormat {
  readonly decimal: Decimal;
  /** For people, where it is not what everybody expects. */
  readonly note: string | null;
  /** Whether a cell shows it; else they could all be read either way. */
  readonly isShown: boolean;
}

export const PLAIN_FORMAT: NumberFormat = { decimal: '.', note: null, isShown: false };

/** The decimal sign that goes with what stands between the cells, where that says anything. */
export function usualDecimalOf(delimiter: string): Decimal | undefined {
  if (delimiter === ';') return ',';
  return delimiter === ',' ? '.' : undefined;
}

/**
 * Decides for a whole table, read with decimal points, whether its commas are decimal ones: where
 * some cells can only be so read, and none has a decimal point without doubt. Where all could be read either way, the
 * model's decimal decides, and without a model what is usual.
 *
 * @param usual the decimal that goes with how the table is written, where that says anything
 * @param known the decimal of a model whose rows these are, if there is one
 * @returns null where no cell says anything
 */
export function findNumberFormat(
  columns: readonly ColumnStore[],
  names: readonly string[],
  usual: Decimal | undefined,
  known: Decimal | undefined,
): NumberFormat | null {
  const clear = columns.filter(({ forms, texts, numbers }) => {
    return 2 * (forms.decimalCommas + forms.pointedThousands) > texts - numbers;
  });
  const commas = clear.filter(({ forms }) => forms.decimalCommas > 0);
  const pointed = clear.filter(({ forms }) => forms.pointedThousands > 0);
  const points = columns.filter(
    ({ forms, numbers, texts }) => forms.hasDecimalPoint && numbers >= texts,
  );
  const either = columns.filter(({ forms }) => forms.either > 0);
  const nameOf = (column: ColumnStore): string => names[columns.indexOf(column)]!;
  /** Nothing is said where the table is written as the model's was. */
  const isExpected = (decimal: Decimal): boolean =>
    known !== undefined && (usual === undefined || usual === decimal);
  if (points.length > 0) return { decimal: '.', note: null, isShown: true };
  const [evident = pointed[0]] = commas;
  if (evident !== undefined) {
    return {
      decimal: ',',
      note: `numbers are read with decimal commas, and points between thousands, because of ${inSentence(nameOf(evident))}`,
      isShown: true,
    };
  }
  if (either.length === 0) {
    const [pointed] = columns.filter(
      ({ forms, numbers, texts }) => forms.eitherPoints > 0 && numbers >= texts,
    );
    if (pointed === undefined) return null;
    const decimal = known ?? '.';
    if (isExpected(decimal)) return { decimal, note: null, isShown: false };
    const how = decimal === ',' ? 'stands between thousands' : 'is a decimal one';
    return {
      decimal,
      note: `${inSentence(nameOf(pointed))} holds numbers such as 1.234: the point ${how}`,
      isShown: false,
    };
  }
  const decimal = known ?? usual ?? '.';
  if (isExpected(decimal)) return { decimal, note: null, isShown: false };
  const how = decimal === ',' ? 'the comma is a decimal one' : 'the comma stands between thousands';
  return {
    decimal,
    note: `${inSentence(nameOf(either[0]!))} holds numbers such as 1,234: ${how}`,
    isShown: false,
  };
}
