import { bareNumber } from '@bitgrad/core';

/** `12,5`, `0,123`, `1234,567`, `1.234,5`: the comma can only be a decimal one. */
const DECIMAL_COMMA =
  /^[-+−]?(?:\d+,(?:\d{1,2}|\d{4,})|0\d*,\d+|\d{4,},\d+|,\d+|\d{1,3}(?:\.\d{3})+,\d+)(?:e[-+]?\d+)?$/i;
/** `1.234.567`: points between thousands, if it is a number at all. */
const POINTED_THOUSANDS = /^[-+−]?[1-9]\d{0,2}(?:\.\d{3}){2,}$/;
/** `1,234`: either. */
const EITHER = /^[-+−]?[1-9]\d{0,2},\d{3}$/;
/** A point that can only be a decimal one: not `1.234`. */
const DECIMAL_POINT =
  /^[-+−]?(?:\d+\.(?:\d{1,2}|\d{4,})|0\d*\.\d+|\d{4,}\.\d+|\.\d+)(?:e[-+]?\d+)?$/i;
/** `1.234`: the point is a decimal one or stands between thousands. */
const EITHER_POINT = /^[-+−]?[1-9]\d{0,2}\.\d{3}$/;
/** `007`, `01234`. */
const CODE = /^0\d+$/;
/** `1,234,567`, `1,234.5`: commas between thousands. */
const COMMA_THOUSANDS = /^[-+−]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d*|,\d{3})$/;
/** What looks like a number, a measure, a range, a time or a date. */
const LIKE_NUMBER =
  /^[\s\p{Sc}(<>=~≈±+−'-]*[.,]?\p{Nd}+(?:[\s.,:/'’%_٫٬–-]+\p{Nd}+)*(?:[eE][-+]?\d+)?\)?\s*[\p{L}\p{Sc}%‰°"'²³+*-]{0,4}$/u;
/** `0x1F`. */
const HEXADECIMAL = /^[-+]?0x[\da-f]+$/i;
/** Of any script. */
const DIGIT = /\p{Nd}/u;
const LONGEST = 40;
const SPACES = /\s/g;
/** A currency before or behind a number; what has none. */
const CURRENCY = /\p{L}*\p{Sc}|\p{L}{2,}/u;
const BARE = /^[-+.\d].*\d$/;

/** A number without what stands around it, which does not change how it is written. */
const bareOf = (cell: string): string => bareNumber(cell).replace(SPACES, '');

/**
 * What a cell says of decimal points: that it has one (or commas between thousands) without doubt; nothing; or that it
 * may be read either way, as `1,234`.
 */
export function pointIn(cell: string | number): 'shown' | 'either' | null {
  const bare = typeof cell === 'number' ? String(cell) : bareOf(cell.trim());
  if (EITHER.test(bare)) return 'either';
  return COMMA_THOUSANDS.test(bare) || DECIMAL_POINT.test(bare) ? 'shown' : null;
}

/** How the cells of a column are written, where they are numbers or look like some. */
export class NumberForms {
  /** Cells that only decimal commas explain. */
  decimalCommas = 0;
  pointedThousands = 0;
  /** Cells such as `1,234`. */
  either = 0;
  /** Cells such as `1.234`, as long as none has a decimal point without doubt. */
  eitherPoints = 0;
  /** The first whole number that begins with a zero, as codes do. */
  firstCode: string | null = null;
  /** Whether a cell has a decimal point, or commas between thousands, without doubt. */
  hasDecimalPoint = false;
  /** Cells that are no numbers but look like some. */
  likeNumbers = 0;
  /** Of these, hexadecimal ones: codes, which name kinds too. */
  hexadecimals = 0;
  firstLikeNumber: string | null = null;
  /** The currencies around its numbers. */
  readonly currencies = new Set<string>();

  /** @param cell that was read as a number with a decimal point */
  addNumber(cell: string): void {
    if (!BARE.test(cell)) this.addCurrency(cell);
    if (this.firstCode === null && CODE.test(cell)) this.firstCode = cell;
    if (this.hasDecimalPoint) return;
    if (cell.includes(',')) {
      const bare = bareOf(cell);
      if (EITHER.test(bare)) this.either += 1;
      else if (COMMA_THOUSANDS.test(bare)) this.hasDecimalPoint = true;
    } else if (cell.includes('.')) this.addPoint(bareOf(cell));
  }

  /** @param value of a cell that is written as JavaScript writes it, so without anything around it */
  addPlain(value: number): void {
    if (this.hasDecimalPoint || Number.isInteger(value)) return;
    this.addPoint(String(value));
  }

  private addPoint(bare: string): void {
    if (DECIMAL_POINT.test(bare)) this.hasDecimalPoint = true;
    else if (EITHER_POINT.test(bare)) this.eitherPoints += 1;
  }

  /**
   * @param cell that is no number with a decimal point
   * @param count of such cells
   */
  addText(cell: string, count: number): void {
    if (cell.length > LONGEST || !DIGIT.test(cell)) return;
    const isDecimal = LIKE_NUMBER.test(bareNumber(cell));
    if (!isDecimal && !HEXADECIMAL.test(cell)) return;
    this.likeNumbers += count;
    if (!isDecimal) this.hexadecimals += count;
    this.firstLikeNumber ??= cell;
    const bare = bareOf(cell);
    if (DECIMAL_COMMA.test(bare)) this.decimalCommas += count;
    else if (POINTED_THOUSANDS.test(bare)) this.pointedThousands += count;
  }

  private addCurrency(cell: string): void {
    const currency = DIGIT.test(cell) ? CURRENCY.exec(cell)?.[0] : undefined;
    if (currency !== undefined) this.currencies.add(currency);
  }
}
