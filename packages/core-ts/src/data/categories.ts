import { canonicalNumber, type Decimal, numberIn } from './cell.js';

const BOOLEAN = /^(?:true|false|yes|no)$/i;
/** Letters and words that mean no and yes only where there is nothing else. */
export const BOOLEAN_PAIRS: readonly RegExp[] = [
  /^[ny]$/i,
  /^[ft]$/i,
  /^o(?:ff|n)$/i,
  /^(?:ja|nein)$/i,
  /^(?:ja|nee)$/i,
  /^(?:ja|nej)$/i,
  /^(?:oui|non)$/i,
  /^(?:sí|no)$/i,
  /^(?:si|no)$/i,
  /^(?:sì|no)$/i,
  /^(?:sim|não)$/i,
  /^(?:tak|nie)$/i,
  /^(?:да|нет)$/i,
  /^(?:wahr|falsch)$/i,
  /^(?:vrai|faux)$/i,
  /^(?:verdadero|falso)$/i,
];
/** Most texts are longer than the words that mean no and yes anywhere, and need not be compared with them. */
const LONGEST_BOOLEAN = 5;
const LONGEST_WORD = 9;

/** The words for true and false among some texts, whose case does not matter. */
export function booleanWords(texts: readonly string[]): (text: string) => boolean {
  const isPair = (pair: RegExp): boolean => texts.every((text) => pair.test(text));
  const words = texts.length > 1 ? (BOOLEAN_PAIRS.find(isPair) ?? BOOLEAN) : BOOLEAN;
  const longest = words === BOOLEAN ? LONGEST_BOOLEAN : LONGEST_WORD;
  return (text) => text.length <= longest && words.test(text);
}

/** Finds a cell's category: as it is written, else as a word for true or false in any case, else as a number. */
export class CategoryIndex {
  private readonly listed: ReadonlyMap<string, number>;
  private readonly words: ReadonlyMap<string, number>;
  private readonly isWord: (text: string) => boolean;

  /** @param rules below 2, only what is written counts */
  constructor(
    categories: readonly string[],
    private readonly rules: number,
    private readonly decimal: Decimal,
  ) {
    this.listed = new Map(categories.map((category, index) => [category, index]));
    this.isWord = booleanWords(categories);
    this.words = new Map(
      [...this.listed]
        .filter(([category]) => this.isWord(category))
        .map(([category, index]) => [category.toLowerCase(), index]),
    );
  }

  /** @param cell trimmed */
  find(cell: string | number | null): number | undefined {
    const text = String(cell);
    const listed = this.listed.get(text);
    if (listed !== undefined || this.rules < 2 || cell === null) return listed;
    if (this.words.size > 0 && this.isWord(text)) return this.words.get(text.toLowerCase());
    const number = numberIn(cell, this.rules, this.decimal);
    return Number.isNaN(number) ? undefined : this.listed.get(canonicalNumber(number));
  }
}
