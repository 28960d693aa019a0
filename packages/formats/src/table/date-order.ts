import { type DateOrder, type Decimal, inSentence } from '@bitgrad/core';
import type { ColumnStore } from './column-store.js';

/** A day, a month and a year in an order that only all cells together tell, as `standardDate` of the core has them. */
const WRITTEN =
  /^(?:(\d{1,2})([./-])(\d{1,2})\2\d{4}|(\d{1,2})\/(\d{1,2})\/\d{2}|(\d{2})\.(\d{2})\.\d{2})(?:$|[T ,])/;
const MONTHS = 12;
const ZERO = 48;
const NINE = 57;

/** How a column's texts are dates, if they are. */
export class DateForms {
  /** Texts that are a date in some order. */
  count = 0;
  /** Whether a text's first number can only be a day; its second. */
  private isDayFirst = false;
  private isMonthFirst = false;
  private hasPoints = false;

  /**
   * @param cell that is neither a number nor a date by itself
   * @param count of such cells
   */
  add(cell: string, count: number): void {
    const code = cell.charCodeAt(0);
    if (code < ZERO || code > NINE) return;
    const found = WRITTEN.exec(cell);
    if (found === null) return;
    this.count += count;
    const first = found[1] ?? found[4] ?? found[6];
    const second = found[3] ?? found[5] ?? found[7];
    if (found[2] === '.' || found[6] !== undefined) this.hasPoints = true;
    if (Number(first) > MONTHS) this.isDayFirst = true;
    if (Number(second) > MONTHS) this.isMonthFirst = true;
  }

  /** What the cells say; null where they say both, undefined where either would do. */
  get order(): DateOrder | null | undefined {
    if (this.isDayFirst && this.isMonthFirst) return null;
    if (this.isDayFirst || (this.hasPoints && !this.isMonthFirst)) return 'day';
    return this.isMonthFirst ? 'month' : undefined;
  }
}

/** How a table's dates are written that are not of ISO 8601. */
export interface FoundOrder {
  /** Null where there are no such dates. */
  readonly order: DateOrder | null;
  /** For people. */
  readonly note: string | null;
}

export const NO_ORDER: FoundOrder = { order: null, note: null };

/**
 * Decides for a whole table whether its dates begin with the day or the month: as a column says in which
 * one number is above 12, or that has points between (`31.12.2024`); else with the day where numbers have
 * decimal commas, and with the month where they have points.
 */
export function findDateOrder(
  columns: readonly ColumnStore[],
  names: readonly string[],
  decimal: Decimal,
): FoundOrder {
  const found = columns.flatMap(({ dateForms, texts }, index) =>
    texts > 0 && dateForms.count === texts && dateForms.order !== null
      ? [{ name: names[index]!, order: dateForms.order }]
      : [],
  );
  if (found.length === 0) return NO_ORDER;
  const clear = found.filter(({ order }) => order !== undefined);
  const orders = new Set(clear.map(({ order }) => order));
  if (orders.size > 1) {
    const [a, b] = ['day', 'month'].map((one) => clear.find(({ order }) => order === one)!.name);
    return {
      order: null,
      note: `${inSentence(a!)} has dates that begin with the day, ${b} with the month: write them as in 2024-02-29`,
    };
  }
  const [evident] = clear;
  const order = evident?.order ?? (decimal === ',' ? 'day' : 'month');
  const { name } = evident ?? found[0]!;
  const why = evident
    ? `because of ${inSentence(name)}`
    : `though ${inSentence(name)} could be either`;
  return { order, note: `dates are read with the ${order} first, ${why}` };
}
