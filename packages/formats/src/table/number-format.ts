import { type Decimal, inSentence } from '@bitgrad/core';
import type { ColumnStore } from './column-store.js';

/** What a table's cells say of how its numbers are written. */
export interface NumberFormat {
  readonly decimal: Decimal;
  /** For people, where it is not what everybody expects. */
  readonly note: string | null;
}

/**
 * Decides for a whole table, read with decimal points, whether its commas are decimal ones: where
 * some cells can only be so read, and none has a decimal point without doubt.
 *
 * @param usual the decimal where only cells such as `1,234` have commas
 */
export function findNumberFormat(
  columns: readonly ColumnStore[],
  names: readonly string[],
  usual: Decimal,
): NumberFormat {
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
  if (either.length === 0) return { decimal: '.', note: null };
  const how = usual === ',' ? 'the comma is a decimal one' : 'the comma stands between thousands';
  return {
    decimal: usual,
    note: `${inSentence(nameOf(either[0]!))} holds numbers such as 1,234: ${how}`,
  };
}
