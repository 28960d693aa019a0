import { canonicalNumber, type Decimal, numberIn } from './cell.js';

const BOOLEAN = /^(?:true|false|yes|no)$/i;

/** Whether a text is one of the words for true and false, whose case does not matter. */
export function isBooleanWord(text: string): boolean {
  return text.length <= 5 && BOOLEAN.test(text);
}

/** Finds a cell's category: as it is written, else as a word for true or false in any case, else as a number. */
export class CategoryIndex {
  private readonly listed: ReadonlyMap<string, number>;
  private readonly words: ReadonlyMap<string, number>;

  /** @param rules below 2, only what is written counts */
  constructor(
    categories: readonly string[],
    private readonly rules: number,
    private readonly decimal: Decimal,
  ) {
    this.listed = new Map(categories.map((category, index) => [category, index]));
    this.words = new Map(
      [...this.listed]
        .filter(([category]) => isBooleanWord(category))
        .map(([category, index]) => [category.toLowerCase(), index]),
    );
  }

  /** @param cell trimmed */
  find(cell: string | number | null): number | undefined {
    const text = String(cell);
    const listed = this.listed.get(text);
    if (listed !== undefined || this.rules < 2 || cell === null) return listed;
    if (this.words.size > 0 && isBooleanWord(text)) return this.words.get(text.toLowerCase());
    const number = numberIn(cell, this.rules, this.decimal);
    return Number.isNaN(number) ? undefined : this.listed.get(canonicalNumber(number));
  }
}
