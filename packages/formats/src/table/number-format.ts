import { type Decimal, inSentence } from '@bitgrad/core';
import type { ColumnStore } from './column-store.js';

/** What a table's cells say of how its numbers are written. */
export interface NumberFormat {
  readonly decimal: Decimal;
  /** For people, where it is not what everybody expects. */
  readonly note: string | null;
}

export const PLAIN_FORMAT: NumberFormat = { decimal: '.', note: null };

/** The decimal sign that goes with what stands between the cells, where that says anything. */
export function usualDecimalOf(delimiter: string): Decimal | undefined {
  if (delimiter === ';') return ',';
  return delimiter === ',' ? '.' : undefined;
}

/**
 * Decides for a whole table, read with decimal points, whether its commas are decimal ones: where
 * some cells can only be so read, and none has a decimal point without doubt.
 *
 * @param usual the decimal that goes with how the table is written, where that says anything
 * @param known the decimal of a model whose rows these are
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
  const commas = columns.filter(
    (column) => clear.includes(column) && column.forms.decimalCommas > 0,
  );
  const pointed = columns.filter(
    (column) => clear.includes(column) && column.forms.pointedThousands > 0,
  );
  const points = columns.filter(
    ({ forms, numbers, texts }) => forms.hasDecimalPoint && numbers >= texts,
  );
  const either = columns.filter(({ forms }) => forms.either > 0);
  const nameOf = (column: ColumnStore): string => names[columns.indexOf(column)]!;
  if (points.length > 0) return { decimal: '.', note: null };
  const [evident = pointed[0]] = commas;
  if (evident !== undefined) {
    return {
      decimal: ',',
      note: `numbers are read with decimal commas, and points between thousands, because of ${inSentence(nameOf(evident))}`,
    };
  }
  if (either.length === 0) {
    const [pointed] = columns.filter(
      ({ forms, numbers, texts }) => forms.eitherPoints > 0 && numbers >= texts,
    );
    if (pointed === undefined) return null;
    const decimal = known === ',' && usual !== '.' ? ',' : '.';
    const how = decimal === ',' ? 'stands between thousands' : 'is a decimal one';
    return {
      decimal,
      note: `${inSentence(nameOf(pointed))} holds numbers such as 1.234: the point ${how}`,
    };
  }
  const decimal = known === ',' ? known : (usual ?? '.');
  const how = decimal === ',' ? 'the comma is a decimal one' : 'the comma stands between thousands';
  return {
    decimal,
    note: `${inSentence(nameOf(either[0]!))} holds numbers such as 1,234: ${how}`,
  };
}
