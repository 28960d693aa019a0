import { BitgradError, show } from '../errors.js';
import { CategoryIndex } from './categories.js';
import { type Cell, type Decimal, isMissing, numberIn, trimmed } from './cell.js';
import { inSentence } from './column-name.js';
import {
  type DateOrder,
  dateNumber,
  datePart,
  exampleDate,
  type Moment,
  momentOf,
} from './date.js';
import { type ColumnEncoding, columnWidth, type DateEncoding } from './encoding.js';

/** How rows are encoded, where a choice is left. */
export interface RowEncoderOptions {
  /** How numbers are written in texts; the encoding's own if left out. */
  readonly decimal?: Decimal | undefined;
  /** With what dates begin that are not of ISO 8601; the encoding's own if left out. */
  readonly dates?: DateOrder | undefined;
  /** Whether a category that is not listed is an error instead of zeros. */
  readonly strict?: boolean | undefined;
  /** Whether missing numbers stay NaN though their median is known, as training samples do. */
  readonly keepMissing?: boolean | undefined;
}

/** Turns one column's cells into features, and counts those that it does not know. */
export class ColumnEncoder {
  readonly name: string;
  readonly width: number;
  /** Cells seen that hold a category that is not listed. */
  unknown = 0;
  /** The first of them. */
  firstUnknown: string | number | null = null;
  /** Cells seen that hold no value. */
  missing = 0;
  private readonly categories: CategoryIndex | null;
  private readonly decimal: Decimal;
  private readonly offset: number;
  private readonly median: number;

  constructor(
    private readonly column: ColumnEncoding,
    private readonly rules: number,
    private readonly options: RowEncoderOptions,
  ) {
    this.name = column.name;
    this.width = columnWidth(column);
    this.decimal = options.decimal ?? '.';
    this.offset = column.offset ?? 0;
    this.median = options.keepMissing ? Number.NaN : (column.median ?? Number.NaN);
    this.categories =
      column.categories && new CategoryIndex(column.categories, rules, this.decimal);
  }

  /**
   * Writes a cell's features at `at`, over zeros.
   *
   * @throws BitgradError that begins with the column's name, if the cell holds no such value
   */
  write(raw: Cell | Moment, features: Float32Array, at: number): void {
    if (this.column.date) {
      this.writeDate(raw, this.column.date, features, at);
      return;
    }
    if (typeof raw === 'object' && raw !== null && !(raw instanceof Date)) {
      throw this.refused('expected a number, a text or a date', raw);
    }
    const cell = trimmed(raw);
    if (this.categories !== null) this.writeCategory(cell, this.categories, features, at);
    else this.writeNumber(numberIn(cell, this.rules, this.decimal), cell, features, at);
  }

  /**
   * What to say of cells without a value where no row that was learnt from lacked one; null where there is nothing to say.
   *
   * @param missing how many there were
   */
  missingNote(missing: number): string | null {
    if (missing === 0 || this.column.missing) return null;
    const rows = missing === 1 ? '1 row lacks' : `${missing} rows lack`;
    const instead = this.categories === null ? 'its median stands in' : 'its features are 0';
    return `${inSentence(this.name)}: ${rows} a value, as no row of the training did: ${instead}`;
  }

  /** Where the feature of a text's category is among the column's own; undefined where it has none. */
  placeOf(text: string): number | undefined {
    const { column, categories, rules } = this;
    const place = categories?.find(text);
    const isOther = place === undefined && column.other === true && !isMissing(text, rules);
    return isOther ? column.categories?.length : place;
  }

  private writeNumber(
    number: number,
    cell: string | number | null,
    features: Float32Array,
    at: number,
  ): void {
    if (Number.isNaN(number)) {
      if (!isMissing(cell, this.rules)) throw this.refused('expected a number', cell);
      this.writeMissing(cell, features, at);
      return;
    }
    const feature = Math.fround(number - this.offset);
    if (!Number.isFinite(feature)) {
      throw this.refused('expected a number that binary32 can hold', cell);
    }
    features[at] = feature;
  }

  private writeDate(
    raw: Cell | Moment,
    { unit, parts }: DateEncoding,
    features: Float32Array,
    at: number,
  ): void {
    const moment = momentOf(raw, this.options.dates);
    if (moment === null) {
      const cell = trimmed(raw as Cell);
      const isDate = isMissing(cell, this.rules);
      if (!isDate)
        throw this.refused(
          `expected a date${this.options.dates ? '' : ' of ISO 8601'}, as in ${exampleDate(this.options.dates)}`,
          cell,
        );
      this.writeMissing(cell, features, at);
      return;
    }
    this.writeNumber(dateNumber(moment, unit), null, features, at);
    for (let index = 0; index < parts.length; index += 1) {
      features[at + 1 + index] = datePart(moment, parts[index]!);
    }
  }

  private writeCategory(
    cell: string | number | null,
    categories: CategoryIndex,
    features: Float32Array,
    at: number,
  ): void {
    const category = categories.find(cell);
    if (category !== undefined) {
      features[at + category] = 1;
    } else if (isMissing(cell, this.rules)) {
      if (this.rules < 2) throw this.refused('expected a value', cell);
      this.missing += 1;
      if (this.column.missing) features[at + this.width - 1] = 1;
    } else if (this.column.other) {
      features[at + this.column.categories!.length] = 1;
    } else {
      if (this.options.strict) {
        const count = this.column.categories!.length;
        throw this.refused(
          `expected one of the ${count} categories that the model was trained on`,
          cell,
        );
      }
      this.unknown += 1;
      this.firstUnknown ??= cell;
    }
  }

  private writeMissing(cell: string | number | null, features: Float32Array, at: number): void {
    if (this.rules < 2) throw this.refused('expected a number that binary32 can hold', cell);
    this.missing += 1;
    features[at] = this.median;
    if (this.column.missing) features[at + this.width - 1] = 1;
  }

  private refused(expected: string, cell: unknown): BitgradError {
    const received = cell === null || cell === '' ? 'no value' : show(cell);
    return new BitgradError(`column ${show(this.name)}: ${expected}, received ${received}`);
  }
}
